// SPDX-License-Identifier: Apache-2.0
// Receive, answer, repeat; and move.
#include "connection_loop.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "cors.hpp"
#include "mcp_endpoint.hpp"
#include "page_answer.hpp"
#include "request_rules.hpp"
#include "sse_pair.hpp"

#include <boost/asio/post.hpp>

#include <optional>

namespace shadowcat::http {

namespace {

/// A refused request's body up to this size is read, so that the connection can go on.
constexpr std::uint64_t kMostDrained = std::uint64_t{64} * 1024;

/// What becomes of a request once its head is known.
class Route {
public:
    std::optional<Refusal> refusal;
    bool at_page = false;
    bool at_endpoint = false;
};

Route route_of(HttpConnection& connection) {
    const RequestHead& head = connection.head();
    const ListenerState& state = connection.state();
    Route route;
    route.refusal = check_source(head, connection.options().policy);
    if (route.refusal) {
        const bool host = route.refusal->reason == Reason::host;
        connection.group().warn_refused(route.refusal->reason,
                                        host ? head.host.value() : head.origin.value(),
                                        connection.peer());
        return route;
    }
    connection.allow_origin();
    route.at_endpoint = connection.options().is_endpoint(head.path());
    if (connection.options().sse.serves(head.path())) {
        route.refusal = check_sse_head(head, connection.options());
    } else if (route.at_endpoint) {
        const auto stateless = connection.group().service().stateless_revisions();
        route.refusal = check_endpoint_head(head, connection.options(), stateless);
    } else {
        route.at_page = state.host.has_page(head.path());
        if (route.at_page) connection.leave_unobserved();
        route.refusal = check_other_path(head, connection.options(), route.at_page);
    }
    return route;
}

/// The largest body of this request.
std::size_t body_limit(const HttpConnection& connection) {
    const HttpListenerOptions& options = connection.options();
    return options.is_endpoint(connection.head().path()) ? options.message.max_bytes
                                                         : kMostPageBody;
}

bool can_drain(const RequestHead& head) {
    return !head.has_body() || (!head.chunked && !head.expects_continue &&
                                head.content_length.value_or(0) <= kMostDrained);
}

Refusal refusal_of(const HttpConnection& connection, Arrival arrival) {
    if (arrival == Arrival::late) return refuse_late();
    if (arrival == Arrival::shed) return refuse_for_now();
    return refuse_unreadable(connection.parse_state(), connection.options(),
                             body_limit(connection));
}

/// Says why no request could be read; the connection ends.
awaitable<> refuse_arrival(HttpConnection& connection, Arrival arrival) {
    if (arrival == Arrival::closed) co_return;
    connection.abandon_request();
    const Refusal refusal = refusal_of(connection, arrival);
    co_await connection.refuse(refusal);
}

awaitable<bool> read_whole_body(HttpConnection& connection) {
    const Arrival arrival = co_await connection.read_body(body_limit(connection));
    if (arrival == Arrival::complete) co_return true;
    co_await refuse_arrival(connection, arrival);
    co_return false;
}

/// Answers before the body was read, and reads past it if the connection is to go on.
awaitable<bool> refuse_unread(HttpConnection& connection, const Refusal& refusal) {
    if (!can_drain(connection.head())) connection.abandon_request();
    const bool told = co_await connection.refuse(refusal);
    if (!told || connection.is_closing()) co_return false;
    const Arrival arrival = co_await connection.read_body(kMostDrained);
    co_return arrival == Arrival::complete;
}

awaitable<> answer_preflight(HttpConnection& connection) {
    std::string fields;
    append_preflight_fields(fields, connection.head());
    co_await connection.respond(204, "", "", fields);
}

/// Reads one request and answers it, unless it is for a session: then `request_ready` says so.
/// False when the connection is at its end.
awaitable<bool> receive(HttpConnection& connection) {
    const Arrival arrival = co_await connection.read_head();
    if (arrival != Arrival::complete) {
        co_await refuse_arrival(connection, arrival);
        co_return false;
    }
    const Route route = route_of(connection);
    if (route.refusal) {
        const bool goes_on = co_await refuse_unread(connection, *route.refusal);
        co_return connection.next_request() && goes_on;
    }
    bool whole = connection.read_body_at_once(body_limit(connection));
    if (!whole) whole = co_await read_whole_body(connection);
    if (!whole) co_return false;
    if (route.at_endpoint && connection.head().method != Method::options) co_return true;
    if (route.at_page) {
        co_await answer_with_page(connection);
    } else {
        co_await answer_preflight(connection);
    }
    co_return connection.next_request();
}

void log_debug(std::string_view event, const HttpConnection& connection) {
    if (!log::enabled(log::Level::debug)) return;
    log::debug(event, {{"peer", connection.peer()}});
}

awaitable<> serve(ConnectionGroup& group, std::unique_ptr<HttpConnection> arrived) {
    const Gate::Pass pass = group.gate().enter();
    std::unique_ptr<HttpConnection> connection = std::move(arrived);
    if (!connection->attach(group)) co_return;
    log_debug("client connection served", *connection);
    bool open = co_await connection->handshake();
    while (open) {
        if (!connection->request_ready()) {
            open = co_await receive(*connection);
            if (!open || !connection->request_ready()) continue;
        }
        ConnectionGroup& place = connection->owner();
        if (&place != &group && connection->detach()) {
            send_to(place, std::move(connection));
            co_return;
        }
        co_await answer_at_endpoint(*connection);
        open = connection->next_request();
    }
    log_debug("client connection ends", *connection);
    co_await connection->end();
}

}  // namespace

void start_serving(ConnectionGroup& group, std::unique_ptr<HttpConnection> connection) {
    if (group.stopping()) return;
    spawn_logged(group.worker(), serve(group, std::move(connection)), "http.connection");
}

void send_to(ConnectionGroup& group, std::unique_ptr<HttpConnection> connection) {
    asio::post(group.worker().context(), [&group, moved = std::move(connection)]() mutable {
        start_serving(group, std::move(moved));
    });
}

}  // namespace shadowcat::http
