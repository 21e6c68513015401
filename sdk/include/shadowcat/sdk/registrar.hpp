// SPDX-License-Identifier: Apache-2.0
// Registrar: how a plugin says what it offers.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/export.hpp"

#include <any>
#include <string>
#include <string_view>
#include <utility>

namespace shadowcat::sdk::inline v1 {

/// Receives what a plugin offers, while its register function runs. An interface `I` is a *kind*:
/// it names itself (`I::kKind`) and says how it is made (`I::Factory`), so a new kind needs no
/// change here or in the loader.
class SHADOWCAT_API Registrar {
public:
    virtual ~Registrar() = default;

    /// Offers `name` (as operators write it in YAML) as an `I`. `schema` describes its
    /// configuration keys; `factory` is called with values that passed it. A name that is already
    /// taken for the kind makes loading fail with both plugins' names.
    template <class I>
    void add(std::string name, std::string description, Schema schema,
             typename I::Factory factory) {
        add_entry(I::kKind, std::move(name), std::move(description), std::move(schema),
                  std::any(std::move(factory)));
    }

private:
    virtual void add_entry(std::string_view kind, std::string name, std::string description,
                           Schema schema, std::any factory) = 0;
};

}  // namespace shadowcat::sdk::inline v1
