// SPDX-License-Identifier: Apache-2.0
// tcp_connect: an upstream is healthy when its port accepts a connection.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"

#include "host_port.hpp"

namespace shadowcat::pool {

/// Says nothing and closes at once. Proves that a machine and a listening process are there, not
/// that the process answers: cheap, for servers that count or charge requests.
class TcpConnect final : public sdk::HealthChecker {
public:
    static sdk::Schema schema();

    /// Throws `std::runtime_error` when neither `address` nor the upstream says where to connect
    /// to.
    TcpConnect(const sdk::Json& config, const sdk::HealthContext& context);

    sdk::awaitable<sdk::Result<void>> check(sdk::HealthTarget& target) override;

private:
    sdk::Error failure(sdk::error_code failed) const;

    sdk::Worker& worker_;
    sdk::Duration timeout_;
    HostPort place_;
};

}  // namespace shadowcat::pool
