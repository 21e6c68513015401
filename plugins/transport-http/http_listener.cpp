// SPDX-License-Identifier: Apache-2.0
// Start, accept, stop.
#include "http_listener.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "connection_loop.hpp"
#include "session_hop.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <sstream>

namespace shadowcat::http {

namespace {

constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

/// Accepted clients before others of the worker get a turn.
constexpr std::size_t kMostInTurn = 64;

}  // namespace

std::unique_ptr<Listener> HttpListener::make(const Json& config, ListenerHost& host) {
    return std::make_unique<HttpListener>(HttpListenerOptions(config), host);
}

HttpListener::HttpListener(HttpListenerOptions options, ListenerHost& host)
    : state_(std::make_shared<ListenerState>(std::move(options), host)),
      acceptor_(state_->groups.front()->worker().executor()) {}

awaitable<Result<void>> HttpListener::start() {
    Result<void> opened = acceptor_.open(state_->options.bind);
    if (!opened) co_return opened;
    Worker& here = state_->groups.front()->worker();
    for (const auto& group : state_->groups)
        co_await run_on(here, group->worker(), group->open());
    spawn_logged(here, accept(), "http.accept");
    co_return Result<void>();
}

std::string HttpListener::address() const {
    const auto& bound = acceptor_.endpoint();
    std::ostringstream text;
    text << (state_->options.tls ? "https://" : "http://") << bound << state_->options.path;
    return text.str();
}

awaitable<> HttpListener::accept() {
    const Gate::Pass pass = state_->groups.front()->gate().enter();
    std::size_t in_turn = 0;
    for (;;) {
        std::optional<Descriptor> client = co_await acceptor_.accept();
        if (!client) co_return;
        admit(*std::move(client));
        if (++in_turn % kMostInTurn == 0) {
            co_await asio::post(state_->groups.front()->worker().context(), use_awaitable);
        }
    }
}

void HttpListener::admit(Descriptor client) {
    if (state_->connections.load(std::memory_order_relaxed) >= state_->options.max_connections) {
        state_->metrics.refused(Reason::connections);
        if (!state_->options.tls) {
            ::send(client.number(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
        return;
    }
    ConnectionGroup& group = *state_->groups[next_group_++ % state_->groups.size()];
    send_to(group, std::make_unique<HttpConnection>(state_, std::move(client)));
}

void HttpListener::stop_accepting() noexcept { acceptor_.close(); }

awaitable<> HttpListener::stop() {
    stop_accepting();
    co_await stop_groups();
    // Connections that were between two workers have arrived now, and were dropped.
    co_await stop_groups();
}

awaitable<> HttpListener::stop_groups() {
    Worker& here = state_->groups.front()->worker();
    for (const auto& group : state_->groups) {
        asio::post(group->worker().context(),
                   [state = state_, &each = *group] { each.begin_stop(); });
    }
    for (const auto& group : state_->groups)
        co_await run_on(here, group->worker(), group->stopped());
}

}  // namespace shadowcat::http
