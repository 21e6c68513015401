// SPDX-License-Identifier: Apache-2.0
// Subject: the part under test, for the suites to make instances of.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "core/plugin/plugin_registry.hpp"
#include "core/proxy/connector_maker.hpp"
#include "part_plan.hpp"

#include <stdexcept>
#include <vector>

namespace shadowcat::contract {

class Subject {
public:
    Subject(const core::PluginRegistry& registry, const core::Part& part, PartPlan plan)
        : registry_(registry), part_(part), plan_(std::move(plan)) {}

    const core::Part& part() const noexcept { return part_; }
    const PartPlan& plan() const noexcept { return plan_; }
    const core::PluginRegistry& registry() const noexcept { return registry_; }

    /// The part's configuration, checked and with defaults, as the core hands it over.
    sdk::Json config() const { return checked(plan_.config); }

    /// The same where nobody answers.
    sdk::Json unreachable_config() const;

    /// All that is wrong with `value` as configuration of the part.
    std::vector<sdk::ConfigError> errors_of(const sdk::Json& value) const;

    /// What a connector is made with.
    sdk::ConnectorContext context(sdk::Worker& worker, sdk::Metrics& metrics) const {
        return core::connector_context(registry_, worker, "contract", metrics);
    }

    /// A new instance, made as the core makes it. Throws what is wrong.
    template <class I, class... Args>
    std::unique_ptr<I> make(const sdk::Json& config, Args&&... args) const {
        auto made = registry_.create<I>(part_.name, config, std::forward<Args>(args)...);
        if (made.has_error()) throw std::runtime_error(made.error().message());
        return *std::move(made);
    }

private:
    sdk::Json checked(const sdk::Json& value) const;

    const core::PluginRegistry& registry_;
    const core::Part& part_;
    PartPlan plan_;
};

/// The part that is being tested. doctest's cases take no arguments, so this is global.
const Subject& subject();
void set_subject(const Subject* now);

}  // namespace shadowcat::contract
