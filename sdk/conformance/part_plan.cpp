// SPDX-License-Identifier: Apache-2.0
// Reads the contract file with the core's own YAML reader.
#include "part_plan.hpp"

#include "core/config/environment.hpp"
#include "core/config/yaml_reader.hpp"

#include <cstdio>

namespace shadowcat::contract {

namespace {

sdk::Schema part_schema() {
    sdk::Schema schema;
    schema.add(sdk::string("kind", "Kind of the part.").required());
    schema.add(sdk::string("name", "Name of the part.").required());
    schema.add(sdk::string_list("peer", "Command of the server to talk to."));
    schema.add(sdk::string_list("needs", "Plugins whose connectors the part has made."));
    return schema;
}

/// The keys whose values belong to the plugin are taken out of `entry`.
sdk::Json take(sdk::Json& entry, const char* key) {
    if (!entry.is_object() || !entry.contains(key)) return sdk::Json::object();
    sdk::Json value = entry.at(key);
    entry.erase(key);
    return value;
}

PartPlan plan_of(sdk::Json entry, const std::string& path, std::vector<sdk::ConfigError>& errors) {
    PartPlan plan;
    plan.config = take(entry, "config");
    plan.unreachable = take(entry, "unreachable");
    plan.client = take(entry, "client");
    const sdk::Json checked = sdk::validate(part_schema(), entry, path, errors);
    plan.kind = checked.value("kind", "");
    plan.name = checked.value("name", "");
    if (!errors.empty()) return plan;
    plan.peer = checked.value("peer", std::vector<std::string>());
    plan.needs = checked.value("needs", std::vector<std::string>());
    return plan;
}

void print(const core::Diagnostics& diagnostics) {
    for (const core::Diagnostic& each : diagnostics)
        std::fprintf(stderr, "%s\n", each.text().c_str());
}

core::LocatedJson read_file(const std::filesystem::path& file, const std::string& peer,
                            core::Diagnostics& diagnostics) {
    core::LocatedJson document = core::read_yaml_file(file, diagnostics);
    core::Environment environment = core::current_environment();
    environment["PEER"] = peer;
    environment["ADDRESS"] = "${ADDRESS}";  // known once the listener has started
    core::expand_variables(document, "parts", environment, diagnostics);
    return document;
}

}  // namespace

std::optional<std::vector<PartPlan>> read_plans(const std::filesystem::path& file,
                                                const std::string& peer) {
    core::Diagnostics diagnostics;
    const core::LocatedJson document = read_file(file, peer, diagnostics);
    const sdk::Json parts = document.value.value("parts", sdk::Json());
    if (!parts.is_array()) {
        diagnostics.push_back(document.diagnose("parts", "expected a list of parts"));
    }
    std::vector<sdk::ConfigError> errors;
    std::vector<PartPlan> plans;
    for (std::size_t i = 0; i < parts.size(); ++i)
        plans.push_back(plan_of(parts[i], sdk::child_path("parts", i), errors));
    for (const sdk::ConfigError& error : errors)
        diagnostics.push_back(document.diagnose(error.path, error.message));
    print(diagnostics);
    if (!diagnostics.empty()) return std::nullopt;
    return plans;
}

}  // namespace shadowcat::contract
