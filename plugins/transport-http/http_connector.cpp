// SPDX-License-Identifier: Apache-2.0
// The connector and the link it hands out.
#include "http_connector.hpp"

#include "upstream_session.hpp"

namespace shadowcat::http {

namespace {

class HttpLink final : public Link {
public:
    explicit HttpLink(std::shared_ptr<UpstreamSession> session) : session_(std::move(session)) {}
    ~HttpLink() override { session_->abandon(); }

    awaitable<Result<void>> call(Message request, ReplyStream& replies,
                                 Cancellation& cancellation) override {
        return session_->call(std::move(request), replies, cancellation);
    }
    awaitable<Result<void>> send(Message message) override {
        return session_->send(std::move(message));
    }
    awaitable<> close() override { return session_->close(); }
    void set_listening(bool wanted) override { session_->listening().want(wanted); }
    bool alive() const noexcept override { return session_->alive(); }
    std::string peer() const override { return session_->peer(); }

private:
    std::shared_ptr<UpstreamSession> session_;  // shared with what it has under way
};

}  // namespace

HttpConnector::HttpConnector(const Json& config, const ConnectorContext& context)
    : pool_(std::make_shared<UpstreamPool>(context.worker, UpstreamTarget(config), context.upstream,
                                           context.metrics)) {}

awaitable<Result<std::unique_ptr<Link>>> HttpConnector::open(LinkEvents& events,
                                                             const LinkOptions& options) {
    auto session = std::make_shared<UpstreamSession>(pool_, events, options);
    std::unique_ptr<Link> link = std::make_unique<HttpLink>(std::move(session));
    co_return Result<std::unique_ptr<Link>>(std::move(link));
}

awaitable<> HttpConnector::stop() {
    pool_->stop();
    co_return;
}

}  // namespace shadowcat::http
