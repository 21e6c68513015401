// SPDX-License-Identifier: Apache-2.0
// Streamable HTTP first, HTTP+SSE when there is nothing else.
#include "http_link.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/multiplexer.hpp"

#include "sse_pipe.hpp"
#include "upstream_session.hpp"

namespace shadowcat::http {

class HttpLink::Route {
public:
    Route(std::shared_ptr<UpstreamPool> to, LinkEvents& tells, const LinkOptions& with)
        : pool(to),
          events(tells),
          options(with),
          session(std::make_shared<UpstreamSession>(std::move(to), tells, with)) {}

    /// `initialize`: the first request of a session, and the one that shows what the server is.
    static awaitable<Result<void>> open(std::shared_ptr<Route> self, Message request,
                                        ReplyStream& replies, Cancellation& cancellation);
    static awaitable<> close(std::shared_ptr<Route> self);

    /// Opens a link over HTTP+SSE.
    static awaitable<Result<void>> go_older(std::shared_ptr<Route> self,
                                            Cancellation& cancellation);

    /// Ends the search for an older server, if there is one under way.
    void end() {
        ended = true;
        if (opening) opening->interrupt(closed());
    }

    Error closed() const {
        return pool->target().failure(ErrorCode::closed, "the link was closed");
    }

    std::shared_ptr<UpstreamPool> pool;  // shared with the connector and other links
    LinkEvents& events;
    LinkOptions options;
    std::shared_ptr<UpstreamSession> session;  // shared with what it has under way
    std::unique_ptr<Link> older;               // over HTTP+SSE; then it is the link
    SsePipe* opening = nullptr;
    bool ended = false;
};

/// What an earlier link found out is tried first.
awaitable<Result<void>> HttpLink::Route::open(std::shared_ptr<Route> self, Message request,
                                              ReplyStream& replies, Cancellation& cancellation) {
    const bool known_to_be_older = self->pool->is_older();
    if (!known_to_be_older) {
        Message first = request;
        const Result<void> outcome =
            co_await self->session->call(std::move(first), replies, cancellation);
        if (!self->session->lacks_endpoint() || self->ended) co_return outcome;
        const Result<void> found = co_await go_older(self, cancellation);
        if (found.has_error() && self->ended) co_return self->closed();
        if (found.has_error() && cancellation.requested()) co_return cancellation.reason();
        if (found.has_error()) co_return outcome;
    } else {
        const Result<void> found = co_await go_older(self, cancellation);
        if (found.has_error() && (self->ended || cancellation.requested())) co_return found;
        if (found.has_error()) {
            self->pool->set_older(false);
            co_return co_await self->session->call(std::move(request), replies, cancellation);
        }
    }
    co_return co_await self->older->call(std::move(request), replies, cancellation);
}

awaitable<Result<void>> HttpLink::Route::go_older(std::shared_ptr<Route> self,
                                                  Cancellation& cancellation) {
    auto pipe = std::make_unique<SsePipe>(self->pool, self->options.message);
    pipe->set_session(self->session->label());
    self->opening = pipe.get();
    cancellation.on_request([&] { pipe->interrupt(cancellation.reason()); });
    const Result<void> opened = co_await pipe->open();
    cancellation.on_request({});
    self->opening = nullptr;
    if (self->ended) co_return self->closed();
    if (cancellation.requested()) co_return cancellation.reason();
    if (opened.has_error()) co_return opened;
    if (!self->pool->is_older()) {
        log::info("server speaks http+sse", {{"url", self->pool->target().url.display()}});
    }
    self->pool->set_older(true);
    self->older = make_link(self->pool->worker(), std::move(pipe), self->events, self->options);
    co_return Result<void>();
}

awaitable<> HttpLink::Route::close(std::shared_ptr<Route> self) {
    self->end();
    co_await self->session->close();
    if (self->older) co_await self->older->close();
}

HttpLink::HttpLink(std::shared_ptr<UpstreamPool> pool, LinkEvents& events,
                   const LinkOptions& options)
    : route_(std::make_shared<Route>(std::move(pool), events, options)) {}

HttpLink::~HttpLink() {
    route_->end();
    route_->session->abandon();
    route_->older.reset();
}

awaitable<Result<void>> HttpLink::call(Message request, ReplyStream& replies,
                                       Cancellation& cancellation) {
    if (route_->older) return route_->older->call(std::move(request), replies, cancellation);
    if (request.method() == "initialize" && !request.is_stateless()) {
        return Route::open(route_, std::move(request), replies, cancellation);
    }
    return route_->session->call(std::move(request), replies, cancellation);
}

awaitable<Result<void>> HttpLink::send(Message message) {
    if (route_->older) return route_->older->send(std::move(message));
    return route_->session->send(std::move(message));
}

awaitable<> HttpLink::close() { return Route::close(route_); }

void HttpLink::set_listening(bool wanted) { route_->session->listening().want(wanted); }

void HttpLink::set_session(std::string_view label) {
    route_->session->set_session(label);
    if (route_->older) route_->older->set_session(label);
}

void HttpLink::kill() noexcept {
    if (route_->older) return route_->older->kill();
    route_->session->kill();
}

bool HttpLink::alive() const noexcept {
    return route_->older ? route_->older->alive() : route_->session->alive();
}

std::string HttpLink::peer() const { return route_->session->peer(); }

}  // namespace shadowcat::http
