// SPDX-License-Identifier: Apache-2.0
// Pipes over HTTP+SSE, lifted into links.
#include "sse_connector.hpp"

#include "shadowcat/sdk/multiplexer.hpp"

#include "sse_pipe.hpp"

namespace shadowcat::http {

SseConnector::SseConnector(const Json& config, const ConnectorContext& context)
    : pool_(std::make_shared<UpstreamPool>(context.worker, UpstreamTarget(config), context.upstream,
                                           context.metrics)) {}

awaitable<Result<std::unique_ptr<Link>>> SseConnector::open(LinkEvents& events,
                                                            const LinkOptions& options) {
    auto pipe = std::make_unique<SsePipe>(pool_, options.message);
    const Result<void> opened = co_await pipe->open();
    if (opened.has_error()) co_return opened.error();
    std::unique_ptr<Link> link = make_link(pool_->worker(), std::move(pipe), events, options);
    co_return Result<std::unique_ptr<Link>>(std::move(link));
}

awaitable<> SseConnector::stop() {
    pool_->stop();
    co_return;
}

}  // namespace shadowcat::http
