// SPDX-License-Identifier: Apache-2.0
// Session: what belongs to one client over time, and the way of its messages.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/service.hpp"

#include "core/exchange/interceptor_chain.hpp"
#include "core/mcp/methods.hpp"
#include "core/observe/proxy_metrics.hpp"
#include "core/session/outbox.hpp"
#include "core/session/session_settings.hpp"
#include "core/upstream/shared_link.hpp"
#include "core/upstream/upstream_group.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace shadowcat::core {

class Exchange;

/// What all sessions of one worker share. Outlives them.
class SessionContext {
public:
    SessionContext(sdk::Worker& on, const SessionSettings& how, UpstreamGroup& upstreams,
                   InterceptorChain& chain, ProxyMetrics& counters)
        : worker(on), settings(how), group(upstreams), interceptors(chain), metrics(counters) {}

    sdk::Worker& worker;
    const SessionSettings& settings;
    UpstreamGroup& group;
    InterceptorChain& interceptors;
    ProxyMetrics& metrics;

    /// Removes the session from the table; set by the table.
    std::function<void(const std::string& id)> forget;

    /// The link of a transparent session ended by itself; set by the proxy.
    std::function<void(const sdk::Error&)> link_lost;
};

/// Bound to one upstream when its first message needs it. Exclusive links bring their events here;
/// on shared links the session is a participant.
class Session final : public sdk::ClientSession,
                      public sdk::LinkEvents,
                      public Participant,
                      public std::enable_shared_from_this<Session> {
public:
    /// `label` identifies the session in logs, where its id must not appear.
    Session(SessionContext& context, std::string id, std::string label);
    ~Session() override;

    const std::string& id() const noexcept override { return id_; }
    std::string_view revision() const noexcept override { return revision_; }
    sdk::awaitable<> request(sdk::Message request, sdk::ReplyStream& replies) override;
    sdk::awaitable<sdk::Result<void>> notify(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> listen(sdk::ReplyStream& stream,
                                              std::string_view last_event_id) override;
    sdk::Result<void> can_listen(std::string_view last_event_id) const override;
    bool listening() const noexcept { return outbox_.reading(); }
    void stop_listening(const sdk::ReplyStream&) override { outbox_.stop(); }
    sdk::awaitable<> end() override;

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;
    sdk::awaitable<> on_shared_message(sdk::Message message) override;
    bool subscribed_to(std::string_view uri) const override;

    // For exchanges.
    SessionContext& context() noexcept { return context_; }
    const std::string& label() const noexcept { return label_; }
    bool ended() const noexcept { return ended_; }
    Upstream* upstream() noexcept { return upstream_; }

    /// The upstream bound last, also after it could not be reached; empty before the first.
    const std::string& upstream_name() const noexcept { return upstream_name_; }
    std::vector<Exchange*>& exchanges() noexcept { return exchanges_; }

    /// The link to the upstream, opened (and after a loss reopened and re-initialised) on demand.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease();

    /// Runs the interceptors over a message of the server.
    sdk::awaitable<sdk::Verdict> intercept(sdk::Message& message, sdk::Direction direction);

    /// Decides about a request of the server: null when it may go to the client (and is remembered
    /// so that its answer is accepted once), else the answer it gets from the proxy.
    /// `in_exchange`: it goes along with a call, not on the session's stream.
    std::optional<sdk::Message> answer_server_request(const sdk::Message& request,
                                                      bool in_exchange);

    /// Sends an answer of the proxy's own to the server.
    sdk::awaitable<> reply_to_server(sdk::Message response);

    /// The client's `initialize` is being forwarded, and how it was answered.
    void remember_initialize(const sdk::Message& request);
    void initialized_by(const sdk::Message& response);

    /// Answers what a shared upstream must not see; null when the request shall be forwarded.
    std::optional<sdk::Message> answer_for_shared(const sdk::Message& request);

    /// True while a call may wait for the client's answer to a question of the server.
    bool client_owes_answer() const;

    /// No call is in flight any more: nobody waits for answers to what calls asked.
    void forget_questions_of_exchanges();

    /// Starts `end` without waiting for it: the upstream has lost the session.
    void end_later();

    /// Opens the link before the first message asks for it (transparent mode).
    void open_early();

    /// Regular check of deadlines; true when the session has been idle for too long.
    bool sweep(sdk::TimePoint now);

private:
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> open_exclusive();
    sdk::awaitable<sdk::Result<void>> repeat_handshake(sdk::Link& link);
    sdk::awaitable<sdk::Result<void>> forward(sdk::Message message);
    bool cancel_exchange(sdk::Message& notice);
    bool accept_response(const sdk::Message& response);
    sdk::awaitable<> queue(sdk::Message message);
    static sdk::awaitable<> open_now(std::shared_ptr<Session> self);
    sdk::awaitable<> refuse_undelivered(sdk::Message request);
    static sdk::awaitable<> expire_one(std::shared_ptr<Session> self, sdk::Message request);
    sdk::Message answer_initialize(const sdk::Message& request);
    void bind(Upstream& upstream);
    void unbind();
    void unbind_after_failure();
    void expire_undelivered(sdk::TimePoint now);

    SessionContext& context_;
    const std::string id_;
    const std::string label_;
    std::string revision_;
    std::string pending_initialize_;  // until the server has answered it
    std::string initialize_request_;  // to initialise a fresh process after a crash
    bool initialized_ = false;
    std::array<bool, 4> declared_ = {true, false, false, false};  // by ClientCapability

    Upstream* upstream_ = nullptr;
    std::string upstream_name_;
    std::optional<Upstream::Bond> bound_;
    std::shared_ptr<LinkLease> lease_;  // also held by the calls in flight on it
    bool opening_ = false;
    std::vector<sdk::Wakeup*> waiting_for_link_;

    std::vector<Exchange*> exchanges_;
    // ids that the client may answer, once; and whether they came along with a call
    std::unordered_map<std::string, bool> server_requests_;
    std::unordered_set<std::string> subscriptions_;  // only on a shared link
    Outbox outbox_;
    sdk::Gate ending_;
    sdk::TimePoint last_used_;
    bool ended_ = false;
};

}  // namespace shadowcat::core
