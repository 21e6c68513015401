// SPDX-License-Identifier: Apache-2.0
// shadowcat-plugin-test: checks a plugin against the contracts of its parts' kinds.
#include "shadowcat/sdk/command.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/plugin/plugin_loader.hpp"
#include "options.hpp"
#include "part_plan.hpp"
#include "peer.hpp"
#include "run_suites.hpp"
#include "subject.hpp"

#include <csignal>
#include <cstdio>
#include <memory>
#include <vector>

namespace {

using namespace shadowcat;
using namespace shadowcat::contract;

bool complain(const std::string& what) {
    std::fprintf(stderr, "shadowcat-plugin-test: %s\n", what.c_str());
    return false;
}

bool wanted(const Options& options, const std::string& kind, const std::string& name) {
    return (options.kind.empty() || options.kind == kind) &&
           (options.name.empty() || options.name == name);
}

std::string title(const std::string& kind, const std::string& name) {
    return kind + " \"" + name + "\"";
}

/// No part of the plugin may be forgotten.
bool all_listed(const Options& options, const core::PluginRegistry& registry,
                const std::vector<PartPlan>& plans) {
    bool complete = true;
    for (const core::Part& part : registry.parts()) {
        const bool has_contract = part.kind != sdk::Command::kKind;
        bool listed = !has_contract || !wanted(options, part.kind, part.name);
        for (const PartPlan& plan : plans)
            listed = listed || (plan.kind == part.kind && plan.name == part.name);
        if (!listed) {
            complete = complain("the plugin offers " + title(part.kind, part.name) + ", which " +
                                options.config.string() + " does not list");
        }
    }
    return complete;
}

std::vector<std::string> suites_for(const PartPlan& plan) {
    std::vector<std::string> suites = {"every kind", plan.kind};
    if (!plan.client.empty()) suites.push_back(plan.kind + " traffic");
    return suites;
}

/// `index`: of the plan in the file, which is read again once the peer has told where it is.
bool check_part(const Options& options, const core::PluginRegistry& registry, PartPlan plan,
                std::size_t index) {
    const core::Part* part = registry.find(plan.kind, plan.name);
    if (part == nullptr) return complain("the plugin offers no " + title(plan.kind, plan.name));
    std::unique_ptr<Peer> peer;
    if (!plan.peer.empty()) {
        peer = std::make_unique<Peer>(plan.peer);
        auto plans = read_plans(options.config, peer->first_line());
        if (!plans) return false;
        plan = plans->at(index);
    }
    std::printf("%s\n", title(plan.kind, plan.name).c_str());
    const Subject now(registry, *part, std::move(plan));
    set_subject(&now);
    return run_suites(suites_for(now.plan()), options.test_case);
}

bool load_needs(core::PluginLoader& loader, const PartPlan& plan) {
    for (const std::string& plugin : plan.needs) {
        const auto loaded = loader.load(core::PluginRequest("", plugin, ""));
        if (loaded.has_error()) return complain(loaded.error().message());
    }
    return true;
}

bool check_plugin(const Options& options) {
    const auto plans = read_plans(options.config, "");
    if (!plans) return false;
    core::PluginRegistry registry;
    core::PluginLoader loader(registry, {});
    const auto loaded = loader.load(core::PluginRequest("", options.plugin, ""));
    if (loaded.has_error()) return complain(loaded.error().message());
    bool kept = all_listed(options, registry, *plans);
    bool any = false;
    for (std::size_t i = 0; i < plans->size(); ++i) {
        if (!wanted(options, plans->at(i).kind, plans->at(i).name)) continue;
        any = true;
        if (!load_needs(loader, plans->at(i))) return false;
        kept = check_part(options, registry, plans->at(i), i) && kept;
    }
    return any ? kept : complain("nothing to check: no part matches");
}

}  // namespace

int main(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options) return 2;
    if (options->help) {
        print_usage();
        return 0;
    }
    std::signal(SIGPIPE, SIG_IGN);
    if (std::freopen("/dev/null", "r", stdin) == nullptr) return 1;  // a listener may read it
    sdk::log::configure(sdk::log::Level::warn, sdk::log::Format::text);
    try {
        return check_plugin(*options) ? 0 : 1;
    } catch (const std::exception& failure) {
        complain(failure.what());
        return 1;
    }
}
