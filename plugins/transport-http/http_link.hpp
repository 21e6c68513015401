// SPDX-License-Identifier: Apache-2.0
// HttpLink: a link of the connector `http`, which finds out how old its server is.
#pragma once

#include "shadowcat/sdk/link.hpp"

#include "upstream_pool.hpp"

#include <memory>

namespace shadowcat::http {

/// Speaks Streamable HTTP. A server that has no such endpoint (`initialize` is answered 400, 404 or
/// 405, without a JSON-RPC error) is asked for the event stream of 2024-11-05; if it opens one with
/// an endpoint, the link goes on over that. MCP 2025-03-26 and later, basic/transports, Backward
/// Compatibility.
class HttpLink final : public Link {
public:
    HttpLink(std::shared_ptr<UpstreamPool> pool, LinkEvents& events, const LinkOptions& options);
    ~HttpLink() override;

    awaitable<Result<void>> call(Message request, ReplyStream& replies,
                                 Cancellation& cancellation) override;
    awaitable<Result<void>> send(Message message) override;
    awaitable<> close() override;
    void set_listening(bool wanted) override;
    void set_session(std::string_view label) override;
    void kill() noexcept override;
    bool alive() const noexcept override;
    std::string peer() const override;

private:
    class Route;

    std::shared_ptr<Route> route_;  // shared with an `initialize` under way
};

}  // namespace shadowcat::http
