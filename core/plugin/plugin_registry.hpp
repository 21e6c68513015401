// SPDX-License-Identifier: Apache-2.0
// PluginRegistry: what the loaded plugins offer, by kind and name.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/registrar.hpp"
#include "shadowcat/sdk/result.hpp"

#include <any>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// One part that a plugin offers. `factory` holds the kind's `Factory`.
class Part {
public:
    Part(std::string_view part_kind, std::string part_name, std::string part_description,
         sdk::Schema part_schema, std::any part_factory)
        : kind(part_kind),
          name(std::move(part_name)),
          description(std::move(part_description)),
          schema(std::move(part_schema)),
          factory(std::move(part_factory)) {}

    std::string kind;
    std::string name;
    std::string description;
    std::string plugin;  ///< filled in by the registry
    sdk::Schema schema;
    std::any factory;
};

/// Collects what one plugin registers, so that a plugin that fails half-way leaves nothing behind.
class PartCollector final : public sdk::Registrar {
public:
    std::vector<Part> take() { return std::move(parts_); }

private:
    void add_entry(std::string_view kind, std::string name, std::string description,
                   sdk::Schema schema, std::any factory) override {
        parts_.emplace_back(kind, std::move(name), std::move(description), std::move(schema),
                            std::move(factory));
    }

    std::vector<Part> parts_;
};

/// Knows no particular kind: an interface names its own. Filled before the workers start, read-only
/// and thread-safe afterwards.
class PluginRegistry {
public:
    /// All parts of `plugin` or, when one of them is taken or misses something, none.
    sdk::Result<void> add(const std::string& plugin, std::vector<Part> parts);

    const Part* find(std::string_view kind, std::string_view name) const noexcept;

    template <class I>
    const Part* find(std::string_view name) const noexcept {
        return find(I::kKind, name);
    }

    /// The names offered for `kind`, for messages: `http, stdio`.
    std::string names(std::string_view kind) const;

    /// In the order of registration; references stay valid.
    const std::deque<Part>& parts() const noexcept { return parts_; }

    /// Makes an `I` by its name. What the plugin throws becomes an error that names plugin and
    /// part.
    template <class I, class... Args>
    sdk::Result<std::unique_ptr<I>> create(std::string_view name, const sdk::Json& config,
                                           Args&&... args) const {
        const Part* part = find<I>(name);
        if (part == nullptr) return unknown_part(I::kKind, name);
        const auto* factory = std::any_cast<typename I::Factory>(&part->factory);
        if (factory == nullptr || !*factory) return create_failed(*part, "it has no factory");
        try {
            std::unique_ptr<I> made = (*factory)(config, std::forward<Args>(args)...);
            if (made == nullptr) return create_failed(*part, "its factory made nothing");
            return made;
        } catch (const std::exception& failure) {
            return create_failed(*part, failure.what());
        } catch (...) {
            return create_failed(*part, "it threw something that is no std::exception");
        }
    }

    /// "no loaded plugin offers the connector 'x'; offered: …"
    sdk::Error unknown_part(std::string_view kind, std::string_view name) const;

private:
    static sdk::Error create_failed(const Part& part, std::string_view why);

    std::deque<Part> parts_;
};

/// `health_checker` as a person reads it: `health checker`.
std::string spoken(std::string_view kind);

}  // namespace shadowcat::core
