// SPDX-License-Identifier: Apache-2.0
// SseConnector: opens links to one server of the deprecated transport HTTP+SSE (`transport: sse`).
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "upstream_pool.hpp"

namespace shadowcat::http {

class SseConnector final : public Connector {
public:
    static Schema schema() { return UpstreamTarget::stream_schema(); }

    /// `config` passed `schema`. Throws `std::runtime_error` with a message for the operator.
    SseConnector(const Json& config, const ConnectorContext& context);

    /// Opens the event stream, which is the session, and learns where to post.
    awaitable<Result<std::unique_ptr<Link>>> open(LinkEvents& events,
                                                  const LinkOptions& options) override;
    awaitable<> stop() override;
    bool links_share_state() const noexcept override { return true; }
    std::string target() const override { return pool_->target().url.display(); }

private:
    std::shared_ptr<UpstreamPool> pool_;  // shared with links that outlive the connector
};

}  // namespace shadowcat::http
