// SPDX-License-Identifier: Apache-2.0
// StdioConnector: starts a server as a child process and speaks MCP over its stdin and stdout.
#pragma once

#include "shadowcat/sdk/connector.hpp"
#include "shadowcat/sdk/pipe.hpp"

#include "child_metrics.hpp"
#include "child_options.hpp"

#include <memory>
#include <string>

namespace shadowcat::transport_stdio {

class StdioConnector final : public sdk::Connector {
public:
    StdioConnector(const sdk::Json& config, const sdk::ConnectorContext& context);

    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(
        sdk::LinkEvents& events, const sdk::LinkOptions& options) override;

    /// As `open`, one layer below: the pipe that is lifted into a link.
    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Pipe>>> open_pipe(sdk::ParseLimits limits,
                                                                      bool passes_text = false);

    sdk::awaitable<> stop() override;
    std::string target() const override { return options_.command_line(); }

private:
    std::unique_ptr<sdk::Pipe> connect(Launched launched, sdk::ParseLimits limits,
                                       bool passes_text);
    void keep_sweeping();
    sdk::Error named(const sdk::Error& error) const;

    sdk::Worker& worker_;
    std::string upstream_;
    ChildOptions options_;
    ChildMetrics metrics_;
    sdk::Worker::Tick sweeping_;  // while there are children, or something of them
};

}  // namespace shadowcat::transport_stdio
