// SPDX-License-Identifier: Apache-2.0
// GET: a stream that lives as long as its session and its client.
#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/worker_hop.hpp"

#include "http_replies.hpp"
#include "mcp_endpoint.hpp"
#include "request_rules.hpp"

#include <boost/asio/post.hpp>

#include <optional>

namespace shadowcat::http {

namespace {

/// The session's side of one stream; on the session's worker, except for `opened`.
class Listening {
public:
    Listening(ReplyStream& to, std::string_view after, ObservedExchange* watched)
        : replies(to), last_event_id(after), observed(watched) {}

    /// The client has gone.
    void stop() {
        stopped = true;
        if (const auto kept = session) kept->stop_listening(replies);
    }

    ReplyStream& replies;
    const std::string last_event_id;  // empty: from now on
    ObservedExchange* observed;       // may be null
    std::shared_ptr<ClientSession> session;
    std::optional<Refusal> refusal;
    bool stopped = false;
    bool opened = false;  // set by the connection's worker before `open` completes
};

/// `open` sends the head.
awaitable<> listen(ConnectionGroup& owner, std::string_view id, ClientInfo client,
                   Listening& listening, awaitable<> open) {
    const auto found = owner.service().find(id, client);
    if (!found) {
        listening.refusal = refuse_session(found.error());
        co_return;
    }
    const std::shared_ptr<ClientSession> session = *found;
    if (listening.observed) listening.observed->tell_request(owner.worker(), session->label());
    if (const auto possible = session->can_listen(listening.last_event_id); possible.has_error()) {
        listening.refusal = refuse_stream(possible.error(), !listening.last_event_id.empty());
        co_return;
    }
    co_await std::move(open);
    if (listening.stopped || !listening.opened) co_return;
    listening.session = session;
    (void)co_await session->listen(listening.replies, listening.last_event_id);
    listening.session.reset();
}

/// The connection's side of one stream.
class ListenStream {
public:
    explicit ListenStream(HttpConnection& connection)
        : connection_(connection),
          here_(connection.group().worker()),
          owner_(connection.state().owner_of(id())),
          events_(connection),
          replies_(events_),
          hop_(here_, replies_),
          listening_(std::make_shared<Listening>(
              reply_stream(), connection.head().last_event_id.value(), connection.observed())) {}

    awaitable<> run() {
        auto open = run_on(owner_.worker(), here_, open_stream());
        auto whole = listen(owner_, id(), connection_.client_info(), *listening_, std::move(open));
        co_await run_on(here_, owner_.worker(), std::move(whole));
        if (listening_->refusal) {
            co_await connection_.refuse(*listening_->refusal);
            co_return;
        }
        if (!connection_.lost()) co_await events_.close();
        connection_.end_watch();
        co_await watching_.empty();
    }

private:
    const std::string& id() const { return connection_.head().session_id.value(); }
    bool is_local() const { return &owner_.worker() == &here_; }
    ReplyStream& reply_stream() {
        if (is_local()) return replies_;
        return hop_;
    }

    awaitable<> open_stream() {
        connection_.close_after_response();
        listening_->opened = co_await events_.open();
        if (listening_->opened) spawn_logged(here_, watch(watching_.enter()), "http.watch");
    }

    awaitable<> watch([[maybe_unused]] Gate::Pass pass) {
        const bool gone = co_await connection_.watch(Said::discarded);
        if (gone) stop();
    }

    void stop() {
        if (is_local()) return listening_->stop();
        asio::post(owner_.worker().context(), [listening = listening_] { listening->stop(); });
    }

    HttpConnection& connection_;
    Worker& here_;
    ConnectionGroup& owner_;
    EventStream events_;
    ListenReplies replies_;
    HopReplies hop_;
    Gate watching_;
    std::shared_ptr<Listening> listening_;  // shared with a `stop` that is on its way
};

}  // namespace

awaitable<> open_listen_stream(HttpConnection& connection) {
    auto verdict = check_session_fields(connection.head(), false, connection.group().service());
    if (!verdict) verdict = check_last_event_id(connection.head());
    if (verdict) {
        co_await connection.refuse(*verdict);
        co_return;
    }
    ListenStream stream(connection);
    co_await stream.run();
}

}  // namespace shadowcat::http
