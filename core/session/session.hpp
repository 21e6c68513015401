// SPDX-License-Identifier: Apache-2.0
// Session: what belongs to one client over time, and the way of its messages.
#pragma once

#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/stateless.hpp"

#include "core/mcp/methods.hpp"
#include "core/session/client_streams.hpp"
#include "core/session/session_context.hpp"
#include "core/session/session_memory.hpp"
#include "core/upstream/shared_link.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::core {

class Exchange;

/// Bound to one upstream when its first message needs it. Exclusive links bring their events here;
/// on shared links the session is a participant.
///
/// What the upstream loses (its process died, its server forgot the session) is repaired when next
/// needed, if `SessionMemory` says that nobody would miss anything; otherwise the session ends and
/// its client gets 404. Thousands are idle at a time, so what few of them need is made on demand.
class Session final : public sdk::ClientSession,
                      public sdk::LinkEvents,
                      public Participant,
                      public std::enable_shared_from_this<Session> {
public:
    /// `label` identifies the session in logs, where its id must not appear. One of the stateless
    /// era lives for a single request, which may go to any upstream; nothing is kept of it.
    Session(SessionContext& context, std::string id, std::string label,
            const sdk::ClientInfo& client, sdk::Era era = sdk::Era::session);
    ~Session() override;

    const std::string& id() const noexcept override { return id_; }
    std::string_view label() const noexcept override { return label_; }
    std::string_view revision() const noexcept override { return revision_; }
    sdk::awaitable<> request(sdk::Message request, sdk::ReplyStream& replies) override;
    sdk::awaitable<sdk::Result<void>> notify(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> listen(sdk::ReplyStream& stream,
                                             std::string_view last_event_id) override;
    sdk::Result<void> can_listen(std::string_view last_event_id) const override;
    void stop_listening(const sdk::ReplyStream& stream) override;
    sdk::awaitable<> finish() override;
    sdk::awaitable<> end() override;

    /// As `end`; observers learn why.
    sdk::awaitable<> end_because(std::string_view reason);

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;
    sdk::awaitable<> on_shared_message(sdk::Message message) override;
    bool subscribed_to(std::string_view uri) const override;

    /// All it subscribed to, for a shared link that is opened anew.
    std::vector<std::string> subscriptions() const override { return memory_.subscriptions(); }

    // For the table and the admin pages.
    const std::string& principal() const noexcept { return principal_; }
    const std::string& peer() const noexcept { return peer_; }
    void seen_from(std::string_view peer);
    bool listening() const noexcept { return streams_ && streams_->listening(); }
    sdk::TimePoint opened() const noexcept { return opened_; }
    sdk::TimePoint last_used() const noexcept { return last_used_; }

    /// Regular check of deadlines; true when the session has been idle for too long.
    bool sweep(sdk::TimePoint now);

    /// Starts `end` without waiting for it. `reason` is a literal.
    void end_later(const char* reason);

    /// A signal of the operating system for the server, if it has one of its own; whether it has.
    bool signal_server(int number) noexcept;

    /// Opens the link before the first message asks for it (transparent mode).
    void open_early();

    /// The client is the bridge, which decides itself what it may be asked.
    void take_any_question() noexcept { takes_any_question_ = true; }

    /// The client takes back all that it has asked for.
    void withdraw(const sdk::Error& reason);

    // For exchanges.
    bool is_stateless() const noexcept { return era_ == sdk::Era::stateless; }
    SessionContext& context() noexcept { return context_; }
    std::vector<Exchange*>& exchanges() noexcept { return exchanges_; }

    /// True once nothing can be asked of it any more; `end_error` then says why.
    bool ended() const noexcept { return ended_ || lost_; }
    sdk::Error end_error() const;

    /// Null while it is bound to none.
    Upstream* upstream() noexcept { return upstream_; }

    /// The upstream bound last, also after it could not be reached; empty before the first.
    const std::string& upstream_name() const noexcept { return upstream_name_; }

    /// The series that count its requests.
    ProxyMetrics::Requests& requests();

    /// Where the last `lease` failed, if that is still configured; only good for asking at once.
    Upstream* failed_upstream() const noexcept;

    /// Keeps the session bound to its upstream (if it is) for as long as it lives.
    class Use {
    public:
        explicit Use(Session& session) : session_(session) { ++session_.uses_; }
        ~Use() { session_.release(); }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;

    private:
        Session& session_;
    };

    /// The link, if it is open and `lease` would give it at once; else null.
    std::shared_ptr<LinkLease> ready_link() const noexcept;

    /// The link to the upstream, opened (and after a loss reopened and re-initialised) on demand.
    /// `cancellation` (may be null) ends the wait.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease(sdk::Cancellation* cancellation);

    /// A call on `lease` has failed: looks whether the link has gone with it, and with the link the
    /// session.
    void check_link(const std::shared_ptr<LinkLease>& lease, const sdk::Error& error);

    /// Another upstream that accepts calls could take over the session from `failed` now.
    bool can_leave(const Upstream& failed) const;

    /// Leaves `failed`, if it `can_leave`; the next `lease` avoids it.
    void leave(Upstream& failed);

    /// The upstream has lost the session, and it can't be repaired: it ends.
    void lose(std::string_view reason, const sdk::Error& error);

    /// Runs the interceptors over a message, which belongs to `exchange` or (null) to none. `ours`:
    /// the proxy made it.
    sdk::awaitable<sdk::Verdict> intercept(sdk::Message& message, sdk::Direction direction,
                                           Exchange* exchange = nullptr, bool ours = false);

    /// The same in two steps, the second only for interceptors that have to wait.
    InterceptorChain::Passage passage(const sdk::Message& message, sdk::Direction direction,
                                      Exchange* exchange, bool ours = false);
    std::optional<sdk::Verdict> intercept_at_once(InterceptorChain::Passage& passage,
                                                  sdk::Message& message);
    sdk::awaitable<sdk::Verdict> intercept_waiting(InterceptorChain::Passage& passage,
                                                   sdk::Message& message, Exchange* exchange);

    /// Decides about a request of the server: null when it may go to the client (and is remembered
    /// so that its answer is accepted once), else the answer it gets from the proxy.
    /// `in_exchange`: it goes along with a call, not on the session's stream.
    std::optional<sdk::Message> answer_server_request(const sdk::Message& request,
                                                      bool in_exchange);

    /// An interceptor stopped a message of the server: a request is answered with an error.
    sdk::awaitable<> refuse_stopped(sdk::Message message);

    /// Sends an answer of the proxy's own to the server.
    sdk::awaitable<> reply_to_server(sdk::Message response);

    /// The client's `initialize` is being forwarded; then how it was answered. `request`: its text.
    void remember_capabilities(const sdk::Message& request);
    void initialized_by(sdk::Message& response, std::string_view request);

    /// Another request was answered; as `SessionMemory::answered`.
    void answered(const mcp::Method& method, std::string_view subject, bool success,
                  bool read_only_tool) {
        memory_.answered(method, subject, success, read_only_tool);
    }

    /// Answers what a shared upstream must not see; null when the request shall be forwarded.
    std::optional<sdk::Message> answer_for_shared(const sdk::Message& request);

    /// True while a call may wait for the client's answer to a question of the server.
    bool client_owes_answer() const;

    /// No call is in flight any more: nobody waits for answers to what calls asked.
    void forget_questions_of_exchanges();

    /// Made when first asked for.
    ClientStreams& streams();

private:
    class Waiter;
    class Question {
    public:
        Question(std::string_view token, bool exchange) : id(token), in_exchange(exchange) {}
        std::string id;    // which the client may answer, once
        bool in_exchange;  // it came along with a call
    };

    sdk::awaitable<std::optional<sdk::Error>> wait_for_opening(sdk::Cancellation* cancellation);
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> open(sdk::Cancellation* cancellation);
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> reach(sdk::Cancellation* cancellation);
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease_shared();
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease_stateless();
    void reached(const sdk::Result<std::shared_ptr<LinkLease>>& outcome);
    void wake_waiting(const sdk::Result<std::shared_ptr<LinkLease>>& outcome);
    static sdk::awaitable<> open_now(std::shared_ptr<Session> self);
    sdk::Result<void> bind();
    void unbind();
    void release();
    bool is_shared() const noexcept {
        return upstream_ && upstream_->is_shared() && !is_stateless();
    }
    void tell_listening(bool listening);
    void kill_server() noexcept;

    sdk::awaitable<sdk::Result<void>> establish(sdk::Link& link);
    sdk::awaitable<sdk::Result<void>> repeat_initialize(sdk::Link& link);
    sdk::awaitable<sdk::Result<void>> repeat_requests(sdk::Link& link);
    sdk::Result<void> check_revision(std::string_view spoken);
    bool repairable() const;
    void finished();
    void link_gone(const sdk::Error& error);
    void retire_link();
    void let_go(bool alive);
    static sdk::awaitable<> close_link(sdk::Worker& worker, std::shared_ptr<LinkLease> lease,
                                       bool alive);
    static sdk::awaitable<> end_now(std::shared_ptr<Session> self, const char* reason);

    // What transport observers are told.
    void tell_opened(std::string_view client) const;
    void tell_closed(std::string_view reason) const;
    void tell_link_opened(const sdk::Link& link) const;
    void tell_link_closed(std::string_view reason) const;
    void report_exit(const sdk::Link& link) const;

    sdk::awaitable<sdk::Result<void>> forward(sdk::Message message);
    sdk::awaitable<sdk::Result<void>> forward_once(sdk::Message message);
    bool cancel_exchange(sdk::Message& notice);
    bool accept_response(const sdk::Message& response);
    void cancel_exchanges(const sdk::Error& reason);

    sdk::awaitable<> queue(sdk::Message message);
    sdk::awaitable<> refuse_undelivered(sdk::Message request);
    static sdk::awaitable<> expire_one(std::shared_ptr<Session> self, sdk::Message request);
    void expire_undelivered(sdk::TimePoint now);
    sdk::Message answer_initialize(const sdk::Message& request);

    SessionContext& context_;
    const std::string id_;
    const std::string label_;
    const std::string principal_;
    const sdk::Era era_;
    std::string peer_;  // only when somebody records it
    std::string revision_;
    SessionMemory memory_;
    std::array<bool, 4> declared_ = {true, false, false, false};  // by ClientCapability
    bool takes_any_question_ = false;
    bool declared_urls_ = false;  // elicitation's second mode

    sdk::Wakeup* finishing_ = nullptr;  // of `finish`, which waits for the link's end
    bool opening_ = false;
    bool settled_ = false;  // the upstream knows this session, or needn't
    bool ended_ = false;
    bool lost_ = false;  // on the way to `ended_`
    unsigned uses_ = 0;
    Upstream* upstream_ = nullptr;
    Upstream* avoid_ = nullptr;  // failed last; only compared
    std::string upstream_name_;
    ProxyMetrics::Requests* requests_ = nullptr;  // of `upstream_name_`, once needed
    std::optional<Upstream::Bond> bound_;
    std::shared_ptr<LinkLease> lease_;  // exclusive; also held by the calls in flight on it
    std::vector<Waiter*> waiting_;      // for the link being opened

    std::vector<Exchange*> exchanges_;
    std::vector<Question> questions_;  // of the server, unanswered
    std::unique_ptr<ClientStreams> streams_;
    const sdk::TimePoint opened_;
    sdk::TimePoint last_used_;
};

}  // namespace shadowcat::core
