// SPDX-License-Identifier: Apache-2.0
// Offers this folder's parts.
#include "replay/register.hpp"

#include "replay/replay_connector.hpp"
#include "replay/replay_options.hpp"

namespace shadowcat::tape {

namespace {

std::unique_ptr<sdk::Connector> make_replay(const sdk::Json& config,
                                            const sdk::ConnectorContext& context) {
    return std::make_unique<ReplayConnector>(config, context);
}

}  // namespace

void register_replay(sdk::Registrar& registrar) {
    registrar.add<sdk::Connector>("replay", "A server that answers as it did on a tape",
                                  ReplayOptions::schema(), make_replay);
}

}  // namespace shadowcat::tape
