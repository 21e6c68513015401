// SPDX-License-Identifier: Apache-2.0
// make_part: what a constructor of the engine uses to have a plugin make something.
#pragma once

#include "core/config/config.hpp"
#include "core/plugin/plugin_registry.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

namespace shadowcat::core {

/// Throws `std::runtime_error` with the registry's message on failure.
template <class I, class... Args>
std::unique_ptr<I> make_part(const PluginRegistry& registry, const PartConfig& part,
                             Args&&... args) {
    auto made = registry.create<I>(part.name, part.options, std::forward<Args>(args)...);
    if (made.has_error()) throw std::runtime_error(made.error().message());
    return *std::move(made);
}

}  // namespace shadowcat::core
