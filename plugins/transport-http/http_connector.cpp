// SPDX-License-Identifier: Apache-2.0
// One pool of connections for all links.
#include "http_connector.hpp"

#include "http_link.hpp"

namespace shadowcat::http {

HttpConnector::HttpConnector(const Json& config, const ConnectorContext& context)
    : pool_(std::make_shared<UpstreamPool>(context.worker, UpstreamTarget(config), context.upstream,
                                           context.metrics)) {}

awaitable<Result<std::unique_ptr<Link>>> HttpConnector::open(LinkEvents& events,
                                                             const LinkOptions& options) {
    std::unique_ptr<Link> link = std::make_unique<HttpLink>(pool_, events, options);
    co_return Result<std::unique_ptr<Link>>(std::move(link));
}

awaitable<> HttpConnector::stop() {
    pool_->stop();
    co_return;
}

}  // namespace shadowcat::http
