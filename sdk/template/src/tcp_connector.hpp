// SPDX-License-Identifier: Apache-2.0
// The connector `tcp`: opens links to one host and port.
#pragma once

#include <shadowcat/sdk/connector.hpp>

#include "tcp_pipe.hpp"

namespace transport_tcp {

class TcpConnector final : public sdk::Connector {
public:
    static sdk::Schema schema();

    /// `config` has passed the schema.
    TcpConnector(const sdk::Json& config, const sdk::ConnectorContext& context);

    sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open(
        sdk::LinkEvents& events, const sdk::LinkOptions& options) override;
    sdk::awaitable<> stop() override;
    std::string target() const override { return "tcp://" + host_ + ":" + port_; }

private:
    sdk::awaitable<sdk::Result<Socket>> connect();
    sdk::Error unreachable(sdk::error_code reason) const;

    sdk::Worker& worker_;
    std::string host_;
    std::string port_;
    sdk::Duration connect_timeout_;
};

}  // namespace transport_tcp
