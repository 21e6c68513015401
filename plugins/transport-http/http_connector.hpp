// SPDX-License-Identifier: Apache-2.0
// HttpConnector: opens links to one HTTP server (`transport: http`).
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "upstream_pool.hpp"

namespace shadowcat::http {

class HttpConnector final : public Connector {
public:
    static Schema schema() { return UpstreamTarget::schema(); }

    /// `config` passed `schema`. Throws `std::runtime_error` with a message for the operator.
    HttpConnector(const Json& config, const ConnectorContext& context);

    /// Connects to nothing yet: the first call does.
    awaitable<Result<std::unique_ptr<Link>>> open(LinkEvents& events,
                                                  const LinkOptions& options) override;
    awaitable<> stop() override;
    bool links_share_state() const noexcept override { return true; }
    std::string target() const override { return pool_->target().url.display(); }

private:
    std::shared_ptr<UpstreamPool>
        pool_;  // shared with links that are destroyed without being closed
};

}  // namespace shadowcat::http
