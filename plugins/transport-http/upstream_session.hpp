// SPDX-License-Identifier: Apache-2.0
// UpstreamSession: one link to an HTTP server, with its MCP session, and all that is under way.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/link.hpp"

#include "upstream_exchange.hpp"
#include "upstream_listening.hpp"
#include "upstream_pool.hpp"
#include "upstream_request.hpp"

#include <list>
#include <memory>
#include <optional>
#include <string>

namespace shadowcat::http {

/// What stands behind a `Link` of the connector `http`. Held by `shared_ptr`: the link and every
/// coroutine that works for it keep it alive. The functions are those of `Link`. Messages of the
/// stateless era may go over it too: they say so themselves, and have no part in the session.
class UpstreamSession : public std::enable_shared_from_this<UpstreamSession> {
public:
    UpstreamSession(std::shared_ptr<UpstreamPool> pool, LinkEvents& events,
                    const LinkOptions& options);

    awaitable<Result<void>> call(Message request, ReplyStream& replies, Cancellation& cancellation);
    awaitable<Result<void>> send(Message message);
    awaitable<> close();
    bool alive() const noexcept { return !ended_; }
    std::string peer() const;
    void set_session(std::string_view label) { label_ = label; }
    void kill();

    /// The link is gone: everything ends at once, `events` is not used any more.
    void abandon();

    UpstreamListening& listening() noexcept { return listening_; }

    // For the parts of the session.

    UpstreamPool& pool() noexcept { return *pool_; }
    const UpstreamTarget& target() const noexcept { return pool_->target(); }
    const RequestHeads& heads() const noexcept { return heads_; }
    const LinkOptions& options() const noexcept { return options_; }

    /// Of the session that has the link to itself, for observers.
    const std::string& label() const noexcept { return label_; }
    bool in_session() const noexcept { return !heads_.session_id().empty(); }

    /// A request id that was not used in this session before.
    std::string next_id() { return std::to_string(++last_id_); }

    /// The id of a request of the proxy's own making. Clients don't call theirs so.
    std::string own_id() { return "\"shadowcat-" + next_id() + "\""; }

    /// The owner's events; null once abandoned.
    LinkEvents* events() noexcept { return events_; }

    /// Takes session id and revision from the response to `initialize` and its head. Fails with
    /// `protocol` when the id is not usable.
    Result<void> learn(const ResponseHead& head, const Message& response);

    /// The server answered `initialize` as one does that has no such endpoint.
    void miss_endpoint() noexcept { lacks_endpoint_ = true; }
    bool lacks_endpoint() const noexcept { return lacks_endpoint_; }

    /// The server has ended the session: no more calls; the owner hears of it when those under way
    /// have ended.
    void lose(const Error& why);

    /// Gives a connection back for reuse, reading what is left of a short answer first.
    void recycle(ConnectionLease lease);

    /// Counts one activity, lets `close` interrupt and await it.
    class Activity {
    public:
        Activity(UpstreamSession& session, Gate& gate) : session_(session), pass_(gate) {
            session_.under_way_.add(interrupt);
        }
        ~Activity() { session_.under_way_.remove(interrupt); }
        Activity(const Activity&) = delete;
        Activity& operator=(const Activity&) = delete;

        Interrupt interrupt;

    private:
        UpstreamSession& session_;
        Gate::Pass pass_;
    };

    /// Activities of calls, which their callers await, and all others.
    Gate& calls() noexcept { return calls_; }
    Gate& background() noexcept { return background_; }

private:
    awaitable<Result<void>> post(Message message, Interrupt& interrupt);
    void cancel(const std::string& id, Cancellation& cancellation);
    void end(const Error& why);
    awaitable<> close_once();
    awaitable<> remove_session();
    static awaitable<> drain(std::shared_ptr<UpstreamSession> self, ConnectionLease lease);
    static awaitable<> post_notice(std::shared_ptr<UpstreamSession> self, Message notice);
    static awaitable<> break_off(std::shared_ptr<UpstreamSession> self);
    static awaitable<> report_loss(std::shared_ptr<UpstreamSession> self);

    std::shared_ptr<UpstreamPool> pool_;  // shared with the connector and other links
    LinkEvents* events_;
    LinkOptions options_;
    std::string label_;
    RequestHeads heads_;
    UpstreamListening listening_;
    InterruptSet under_way_;
    Gate calls_, background_;
    std::optional<Error> ended_;
    std::uint64_t last_id_ = 0;
    std::list<Wakeup> closers_;
    bool lost_ = false, closing_ = false, closed_ = false, lacks_endpoint_ = false;
};

}  // namespace shadowcat::http
