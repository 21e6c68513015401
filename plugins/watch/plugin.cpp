// SPDX-License-Identifier: Apache-2.0
// Offers the parts of this plugin to the loader.
#include "shadowcat/sdk/plugin.hpp"

#include "watch.hpp"
#include "watch_command.hpp"

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::Command> make_command(const sdk::Json&) {
    return std::make_unique<watch::WatchCommand>();
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::Interceptor>("watch", "shows messages as they pass, one line for each",
                                    watch::Options::schema(), watch::make_watch);
    registrar.add<sdk::Command>("watch", "Show the traffic of a running proxy", sdk::Schema(),
                                make_command);
}

}  // namespace

SHADOWCAT_PLUGIN("watch", SHADOWCAT_SDK_VERSION, "shows messages as they pass", register_parts)
