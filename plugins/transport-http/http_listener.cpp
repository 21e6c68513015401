// SPDX-License-Identifier: Apache-2.0
// Start, accept, stop.
#include "http_listener.hpp"

#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/worker_hop.hpp"

#include "certificate_report.hpp"
#include "connection_loop.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <exception>
#include <sstream>

namespace shadowcat::http {

namespace {

constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n";

/// Accepted clients before others of the worker get a turn.
constexpr std::size_t kMostInTurn = 64;

using Options = ConnectionGroup::Options;

Options make_options(const Json& config) {
    return std::make_shared<const HttpListenerOptions>(config);
}

Result<Options> reloaded(const Json& config) {
    try {
        return make_options(config);
    } catch (const std::exception& e) {
        return Error(ErrorCode::config, e.what());
    }
}

/// The key that would need another socket; or nothing.
std::string_view fixed_key(const HttpListenerOptions& now, const HttpListenerOptions& next) {
    if (now.bind != next.bind) return "bind_address";
    if (now.path != next.path) return "path";
    if (now.sse != next.sse) return "sse";
    return now.tls.has_value() != next.tls.has_value() ? "tls.enabled" : "";
}

std::string text_of(const asio::ip::tcp::endpoint& endpoint) {
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

}  // namespace

std::unique_ptr<Listener> HttpListener::make(const Json& config, ListenerHost& host) {
    return std::make_unique<HttpListener>(make_options(config), host);
}

HttpListener::HttpListener(ConnectionGroup::Options options, ListenerHost& host)
    : state_(std::make_shared<ListenerState>(std::move(options), host)),
      acceptor_(state_->groups.front()->worker().executor()) {}

awaitable<Result<void>> HttpListener::start() {
    Result<void> opened = acceptor_.open(options().bind);
    if (!opened) co_return opened;
    report();
    Worker& here = state_->groups.front()->worker();
    for (const auto& group : state_->groups)
        co_await run_on(here, group->worker(), group->open());
    spawn_logged(here, accept(), "http.accept");
    co_return Result<void>();
}

std::string HttpListener::address() const {
    return (options().tls ? "https://" : "http://") + text_of(acceptor_.endpoint()) +
           options().path;
}

Result<void> HttpListener::reload(const Json& config) {
    const Result<Options> next = reloaded(config);
    if (!next) return next.error();
    const std::string_view fixed = fixed_key(options(), **next);
    if (!fixed.empty()) {
        return Error(ErrorCode::unsupported,
                     std::string(fixed) + ": can't change while the listener runs");
    }
    use(*next);
    report();
    return Result<void>();
}

/// Each group belongs to its worker. What is sent there later, finds the new options.
void HttpListener::use(const Options& options) {
    for (const auto& group : state_->groups) {
        if (group == state_->groups.front()) {
            group->use(options);
            continue;
        }
        asio::post(group->worker().context(),
                   [state = state_, &each = *group, options] { each.use(options); });
    }
}

void HttpListener::report() {
    if (!options().tls) return;
    if (!certificate_expiry_) {
        certificate_expiry_ = &expiry_gauge(state_->host.metrics(), text_of(acceptor_.endpoint()));
    }
    report_certificate(options().tls->certificate(), *certificate_expiry_);
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
    if (state_->connections.load(std::memory_order_relaxed) >= options().max_connections) {
        state_->metrics.refused(Reason::connections);
        if (!options().tls) {
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
