// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "replay/register.hpp"

#include "replay/replay_command.hpp"
#include "replay/replay_connector.hpp"
#include "replay/replay_options.hpp"

namespace shadowcat::tape {

namespace {

std::unique_ptr<sdk::Connector> make_replay(const sdk::Json& config,
                                            const sdk::ConnectorContext& context) {
    return std::make_unique<ReplayConnector>(config, context);
}

std::unique_ptr<sdk::Command> make_replay_command(const sdk::Json&) {
    return std::make_unique<ReplayCommand>();
}

}  // namespace

void register_replay(sdk::Registrar& registrar) {
    registrar.add<sdk::Connector>("replay", "A server that answers as it did on a tape",
                                  ReplayOptions::schema(), make_replay);
    registrar.add<sdk::Command>("replay", "Serve a tape, or check a server against it",
                                sdk::Schema(), make_replay_command);
}

}  // namespace shadowcat::tape
