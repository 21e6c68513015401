// SPDX-License-Identifier: Apache-2.0
// POST in the stateless era: every request is a conversation of its own, as long as its client
// stays.
#include "shadowcat/sdk/spawn.hpp"

#include "http_replies.hpp"
#include "mcp_endpoint.hpp"
#include "request_rules.hpp"
#include "stateless_rules.hpp"
#include "trace_header.hpp"

#include <exception>

namespace shadowcat::http {

namespace {

/// One request, on the connection's worker. The connection is watched once the answer takes longer
/// than a tick: a client that leaves earlier is noticed then, and quick answers cost nothing. After
/// a silence like that which a stream's comments fill, the answer becomes a stream.
class StatelessCall {
public:
    StatelessCall(HttpConnection& connection, std::shared_ptr<ClientSession> conversation,
                  std::string_view id)
        : connection_(connection),
          conversation_(std::move(conversation)),
          id_(id),
          replies_(connection, {}, Era::stateless) {}

    awaitable<> run(Message request) {
        stream_due_ = here().now() + connection_.options().ping_interval;
        connection_.when_slow([this] { begin_watch(); });
        std::exception_ptr escaped;
        try {
            co_await conversation_->request(std::move(request), replies_);
            co_await replies_.finish();
        } catch (...) {
            escaped = std::current_exception();
        }
        co_await end_watch();
        co_await conversation_->end();
        if (escaped) std::rethrow_exception(escaped);
    }

private:
    Worker& here() const { return connection_.group().worker(); }

    void begin_watch() {
        spawn_logged(here(), watch(aside_.enter()), "http.watch");
        wait_on();
    }

    void wait_on() {
        if (here().now() >= stream_due_) {
            return spawn_logged(here(), begin_stream(aside_.enter()), "http.stream");
        }
        connection_.when_slow([this] { wait_on(); });
    }

    awaitable<> begin_stream([[maybe_unused]] Gate::Pass pass) { co_await replies_.begin(); }

    awaitable<> watch([[maybe_unused]] Gate::Pass pass) {
        const bool gone = co_await connection_.watch(Said::kept);
        if (gone) (void)co_await conversation_->notify(cancellation());
    }

    /// MCP 2026-07-28, basic/transports/streamable-http: losing the client is the cancellation.
    Message cancellation() const {
        return make_notification("notifications/cancelled", R"({"requestId":)" + id_ + "}");
    }

    /// After the answer, because it ends everything that is pending on the connection.
    awaitable<> end_watch() {
        connection_.when_slow({});
        if (aside_.inside() == 0) co_return;
        connection_.end_watch();
        co_await aside_.empty();
    }

    HttpConnection& connection_;
    std::shared_ptr<ClientSession> conversation_;  // the core's, too
    std::string id_;
    HttpReplies replies_;
    Gate aside_;  // what runs beside the request
    TimePoint stream_due_;
};

awaitable<> converse(HttpConnection& connection, Message request) {
    auto opened = connection.group().service().open_stateless(connection.client_info());
    if (!opened) {
        const Refusal refusal = refuse_session(opened.error());
        co_await connection.refuse(refusal, request.id(), request.method());
        co_return;
    }
    connection.tell_request((*opened)->label());
    take_trace_header(connection, request);
    StatelessCall call(connection, *std::move(opened), request.id());
    co_await call.run(std::move(request));
}

}  // namespace

awaitable<> take_stateless(HttpConnection& connection, Message message) {
    const auto verdict =
        check_stateless_post(connection.head(), message, connection.group().service());
    if (verdict) {
        const std::string_view id = message.is_request() ? message.id() : std::string_view();
        co_await connection.refuse(*verdict, id, message.method());
    } else if (message.is_request()) {
        co_await converse(connection, std::move(message));
    } else {  // duties B.5: nothing that is POSTed can cancel what another POST has begun
        co_await connection.respond(202, "", "");
    }
}

}  // namespace shadowcat::http
