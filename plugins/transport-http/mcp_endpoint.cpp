// SPDX-License-Identifier: Apache-2.0
// POST and DELETE.
#include "mcp_endpoint.hpp"

#include "shadowcat/sdk/batch.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/worker_hop.hpp"

#include "http_replies.hpp"
#include "request_rules.hpp"
#include "sse_pair.hpp"
#include "stateless_rules.hpp"
#include "trace_header.hpp"

#include <exception>
#include <optional>

namespace shadowcat::http {

namespace {

/// A message for a session that exists, and how far it came.
class Delivery {
public:
    Delivery(HttpConnection& from, Message what, ReplyStream& answers)
        : connection(from),
          session_id(from.head().session_id.value()),
          client(from.client_info()),
          message(std::move(what)),
          replies(answers) {}
    Delivery(Delivery& here, ReplyStream& answers)
        : connection(here.connection),
          session_id(here.session_id),
          client(here.client),
          message(std::move(here.message)),
          replies(answers) {}

    HttpConnection& connection;  // of this worker or another
    std::string_view session_id;
    ClientInfo client;
    std::shared_ptr<ClientSession> session;  // the core's, too; once found
    Message message;
    ReplyStream& replies;
    std::optional<Error> not_found;  // nothing was done
    std::optional<Error> not_taken;  // a notification that couldn't be passed on
};

awaitable<> leave_undone() { co_return; }

awaitable<> notify(Delivery& delivery) {
    const Result<void> taken = co_await delivery.session->notify(std::move(delivery.message));
    if (!taken) delivery.not_taken = taken.error();
}

/// On the session's worker.
awaitable<> deliver(ConnectionGroup& owner, Delivery& delivery) {
    auto found = owner.service().find(delivery.session_id, delivery.client);
    if (!found) {
        delivery.not_found = found.error();
        return leave_undone();
    }
    delivery.session = *std::move(found);
    ObservedExchange* observed = delivery.connection.observed();
    if (observed) observed->tell_request(owner.worker(), delivery.session->label());
    if (!delivery.message.is_request()) return notify(delivery);
    return delivery.session->request(std::move(delivery.message), delivery.replies);
}

/// The same on another worker, where all that it holds meanwhile belongs.
awaitable<> deliver_there(ConnectionGroup& owner, Delivery& delivery, ReplyStream& replies) {
    Delivery there(delivery, replies);
    co_await deliver(owner, there);
    delivery.message = std::move(there.message);
    delivery.not_found = std::move(there.not_found);
    delivery.not_taken = std::move(there.not_taken);
}

awaitable<> deliver_by_hop(HttpConnection& connection, ConnectionGroup& owner, Delivery& delivery) {
    Worker& here = connection.group().worker();
    HopReplies replies(here, delivery.replies);
    co_await run_on(here, owner.worker(), deliver_there(owner, delivery, replies));
}

awaitable<> deliver_to_owner(HttpConnection& connection, Delivery& delivery) {
    ConnectionGroup& owner = connection.owner();
    if (&owner == &connection.group()) return deliver(owner, delivery);
    return deliver_by_hop(connection, owner, delivery);
}

/// What `HttpConnection::refuse` does, with texts that last.
awaitable<> refuse(HttpConnection& connection, Refusal refusal, std::string id = {},
                   std::string method = {}) {
    co_await connection.refuse(refusal, id, method);
}

/// `initialize`: a session of its own, on this worker. It goes again if the client can't use it.
awaitable<> initialize(HttpConnection& connection, Message message) {
    auto opened = connection.group().service().open(connection.client_info());
    if (!opened) {
        const Refusal refusal = refuse_session(opened.error());
        co_await connection.refuse(refusal, message.id(), message.method());
        co_return;
    }
    const std::shared_ptr<ClientSession> session = *std::move(opened);
    connection.tell_request(session->label());
    HttpReplies replies(connection, session->id());
    co_await session->request(std::move(message), replies);
    co_await replies.finish();
    if (!replies.succeeded() || connection.lost()) co_await session->end();
}

awaitable<> take_request(HttpConnection& connection, Message message) {
    HttpReplies replies(connection, {});
    Delivery delivery(connection, std::move(message), replies);
    co_await deliver_to_owner(connection, delivery);
    if (delivery.not_found) {
        const Refusal refusal = refuse_session(*delivery.not_found);
        co_await connection.refuse(refusal, delivery.message.id(), delivery.message.method());
    } else if (replies.is_open()) {
        co_await replies.finish();
    }
}

awaitable<> take_notification(HttpConnection& connection, Message message) {
    HttpReplies unused(connection, {});
    Delivery delivery(connection, std::move(message), unused);
    co_await deliver_to_owner(connection, delivery);
    if (delivery.not_found) {
        const Refusal refusal = refuse_session(*delivery.not_found);
        co_await connection.refuse(refusal, std::string_view(), delivery.message.method());
    } else if (delivery.not_taken) {
        const Refusal refusal = refuse_notification(*delivery.not_taken);
        co_await connection.refuse(refusal);
    } else {
        co_await connection.respond(202, "", "");
    }
}

/// A message of the session era.
awaitable<> take_in_session(HttpConnection& connection, Message message) {
    take_trace_header(connection, message);
    const bool opens = message.is_request() && message.method() == "initialize";
    auto verdict = check_session_fields(connection.head(), opens, connection.group().service());
    if (verdict) {
        std::string id(message.is_request() ? message.id() : std::string_view());
        return refuse(connection, *std::move(verdict), std::move(id),
                      std::string(message.method()));
    }
    if (opens) return initialize(connection, std::move(message));
    if (message.is_request()) return take_request(connection, std::move(message));
    return take_notification(connection, std::move(message));
}

/// Only a head that a message of a session could have makes room for a batch.
bool is_in_session(HttpConnection& connection) {
    const Service& service = connection.group().service();
    return !check_session_fields(connection.head(), false, service);
}

/// On the session's worker.
awaitable<> end_found(HttpConnection& connection, ConnectionGroup& owner, ClientInfo client,
                      std::optional<Error>& not_found) {
    const auto found = owner.service().find(connection.head().session_id.value(), client);
    if (!found) {
        not_found = found.error();
        co_return;
    }
    const std::shared_ptr<ClientSession> session = *found;
    ObservedExchange* observed = connection.observed();
    if (observed) observed->tell_request(owner.worker(), session->label());
    co_await session->end();
}

awaitable<> dispatch(HttpConnection& connection) {
    if (connection.options().sse.serves(connection.head().path()))
        return answer_at_sse_pair(connection);
    switch (connection.head().method) {
        case Method::get:
            return open_listen_stream(connection);
        case Method::remove:
            return end_session(connection);
        default:
            return take_message(connection);
    }
}

std::string describe(const std::exception_ptr& escaped) {
    try {
        std::rethrow_exception(escaped);
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "not a std::exception";
    }
}

}  // namespace

awaitable<> answer_at_endpoint(HttpConnection& connection) {
    std::exception_ptr escaped;
    try {
        co_await dispatch(connection);
    } catch (...) {
        escaped = std::current_exception();
    }
    if (!escaped) co_return;
    log::error("request failed", {{"error", describe(escaped)}});
    connection.close_after_response();
    if (connection.response_begun()) co_return;
    const Error error(ErrorCode::internal, "internal error");
    const Refusal refusal = Refusal(500, Reason::internal, error).within_session();
    co_await connection.refuse(refusal);
}

awaitable<> take_message(HttpConnection& connection) {
    std::string body = connection.take_body();
    if (is_batch(body) && is_in_session(connection)) return take_batch(connection, std::move(body));
    Result<Message> parsed = Message::parse(std::move(body), connection.options().message);
    if (!parsed) return refuse(connection, refuse_message(parsed.error()));
    const Era era = era_of_post(connection.head(), *parsed, connection.group().service());
    if (era == Era::stateless) return take_stateless(connection, *std::move(parsed));
    return take_in_session(connection, *std::move(parsed));
}

awaitable<> end_session(HttpConnection& connection) {
    ConnectionGroup& group = connection.group();
    const RequestHead& head = connection.head();
    if (const auto verdict = check_session_fields(head, false, group.service())) {
        co_await connection.refuse(*verdict);
        co_return;
    }
    ConnectionGroup& owner = connection.owner();
    const ClientInfo client = connection.client_info();
    std::optional<Error> not_found;
    co_await run_on(group.worker(), owner.worker(),
                    end_found(connection, owner, client, not_found));
    if (!not_found) {
        co_await connection.respond(200, "", "");
    } else {
        const Refusal refusal = refuse_session(*not_found);
        co_await connection.refuse(refusal);
    }
}

}  // namespace shadowcat::http
