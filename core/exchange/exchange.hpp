// SPDX-License-Identifier: Apache-2.0
// Exchange: one client request on its way to a server, and what answers it on the way back.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/reply_stream.hpp"

#include "core/exchange/exchange_log.hpp"
#include "core/exchange/exchange_times.hpp"
#include "core/exchange/interceptor_chain.hpp"
#include "core/exchange/request_copies.hpp"
#include "core/exchange/retry_policy.hpp"
#include "core/mcp/listen_state.hpp"
#include "core/mcp/methods.hpp"
#include "core/observe/proxy_metrics.hpp"
#include "core/upstream/upstream.hpp"

#include <memory>
#include <optional>
#include <string>

namespace shadowcat::core {

class Session;

/// Lives in the frame of `Session::request`, and so does its request. Stands between the link and
/// the client's reply stream: the link writes here, interceptors and the session's rules are
/// applied, the client gets the rest. Guarantees exactly one response, unless the client cancelled.
///
/// An attempt that failed is repeated where `advise` says so. Once a reply is more than a response
/// its messages are kept for a client that loses its connection; the exchange then goes on without.
///
/// Most calls meet nothing that has to wait but the server itself: what decides at once is a plain
/// function, and the coroutine for the rest is only made where something does wait.
class Exchange final : public sdk::ReplyStream {
public:
    /// Larger requests are not repeated once a link has taken them: nobody keeps a second copy.
    static constexpr std::size_t kMaxKeptBytes = 256 * 1024;

    Exchange(Session& session, sdk::ReplyStream& client, const sdk::Message& request);
    ~Exchange() override;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Whether the session takes one more.
    sdk::Result<void> may_begin() const;

    /// Carries `request` past the interceptors and to a server, once.
    sdk::awaitable<sdk::Result<void>> perform(sdk::Message& request);

    /// Whether what ended like `done` is tried once more; `again` does that.
    bool goes_again(const sdk::Result<void>& done, sdk::Message& request);
    sdk::awaitable<sdk::Result<void>> again(sdk::Message& request);

    /// Tells the client that it came to nothing, if it has no response yet.
    sdk::awaitable<> finish(sdk::Error error);

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;
    std::uint64_t stream() const noexcept override { return client_.stream(); }
    void sever() noexcept override;

    /// While interceptors hold a message of it.
    void hold() noexcept { times_.hold(); }
    void go_on();

    /// What interceptors are told of the request.
    void describe(sdk::MessageContext& context) noexcept;

    /// True when this is the request `id` and may be cancelled.
    bool cancellable_as(std::string_view id) const { return id == id_ && !initialize_; }

    void cancel(sdk::Error reason, std::optional<sdk::Message> notice = std::nullopt) {
        cancellation_.request(std::move(reason), std::move(notice));
    }

    /// Something happened that shows the exchange to be alive.
    void sign_of_life();

    /// Ends the exchange when one of its times has run out: until the first message, without a sign
    /// of life, in all.
    void sweep(sdk::TimePoint now);

private:
    using Done = sdk::awaitable<sdk::Result<void>>;

    // The way there.
    Done obey(sdk::Verdict verdict, sdk::Message& request);
    Done perform_waiting(InterceptorChain::Passage passage, sdk::Message& request);
    Done serve(sdk::Message& request);
    Done attempt(sdk::Message& request);
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> wait_for_link();
    void prepare(const Upstream& upstream, const sdk::Message& request);
    void reach(Upstream& upstream);
    void report(Upstream& upstream, const sdk::Result<void>& done);
    bool repeats(const sdk::Error& error, const sdk::Message& request);
    Advice consider(const sdk::Error& error, const sdk::Message& request) const;
    bool listens_again(const sdk::Error& error, const sdk::Message& request);
    sdk::awaitable<> pause();

    // The way back.
    Done answer(sdk::Message ours);
    Done intercept_reply(sdk::Message&& message, bool ours = false);
    Done reply_waiting(InterceptorChain::Passage passage, sdk::Message message);
    Done to_client(sdk::Message&& message);
    Done to_stream(sdk::Message message);
    sdk::awaitable<> prime();
    Done reply_by(sdk::Verdict verdict, sdk::Message&& message);
    Done stop_reply(sdk::Verdict verdict, sdk::Message message);
    Done answer_server(sdk::Message answer);
    Done write_listen(sdk::Message message);
    static Done at_once(sdk::Result<void> outcome = sdk::Result<void>());
    bool belongs_to_stream(const sdk::Message& message);
    bool is_foreign(const sdk::Message& message) const;
    void note(sdk::Message& response);

    Session& session_;
    sdk::ReplyStream& client_;
    const std::string id_;
    const std::string method_;
    const mcp::Method& kind_;
    const bool initialize_;
    sdk::Cancellation cancellation_;
    const sdk::TimePoint started_;  // exact, for the histogram
    ExchangeTimes times_;
    Upstream* used_ = nullptr;  // of the last attempt, for as long as it lasts
    std::size_t tries_ = 0;
    RequestCopies::Copy kept_;  // of what the link got
    std::string subject_;       // what `SessionMemory` and the records want to know
    std::optional<std::uint32_t> stream_;
    std::optional<mcp::ListenState> listen_;  // only of `subscriptions/listen`
    std::size_t losses_ = 0;                  // of its stream, in a row
    Outcome outcome_ = Outcome::failed;
    bool wants_logs_ = false;
    bool primed_ = false;
    bool given_away_ = false;  // a link has got the request
    bool reply_begun_ = false;
    bool gone_ = false;  // the client's connection, or it moved to another
    bool answered_ = false;
    bool severed_ = false;
    bool became_another_ = false;       // an interceptor changed its method
    std::uint64_t number_ = 0;          // only if there are interceptors, and so is:
    std::string target_;                // the tool, prompt or URI
    std::unique_ptr<ExchangeLog> log_;  // only if somebody records exchanges
};

}  // namespace shadowcat::core
