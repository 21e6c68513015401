// SPDX-License-Identifier: Apache-2.0
// ReplayConnector: a server that answers as it did when it was recorded.
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "replay/recording.hpp"
#include "replay/replay_options.hpp"

#include <memory>
#include <string>

namespace shadowcat::tape {

class ReplayConnector final : public sdk::Connector {
public:
    /// Throws `std::exception` when the options contradict each other, or the live server's
    /// connector can't be made.
    ReplayConnector(const sdk::Json& config, const sdk::ConnectorContext& context);

    /// The first one reads the tape, on a thread of its own. Fails with `unreachable` (no such
    /// tape), `protocol` (no tape) or `config` (it is redacted).
    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(
        sdk::LinkEvents& events, const sdk::LinkOptions& options) override;

    sdk::awaitable<> stop() override;
    std::string target() const override;

    /// Links to a recording that is there already; for tests.
    std::unique_ptr<sdk::Link> link_to(std::shared_ptr<const Recording> recording,
                                       sdk::LinkEvents& events, const sdk::LinkOptions& options);

private:
    sdk::Worker& worker_;
    std::string upstream_;
    std::shared_ptr<const ReplayOptions> options_;  // shared with links that end after us
    std::shared_ptr<sdk::Connector> live_;          // likewise
    std::shared_ptr<const Recording> recording_;    // once read
};

}  // namespace shadowcat::tape
