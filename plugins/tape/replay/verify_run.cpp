// SPDX-License-Identifier: Apache-2.0
// Asking, answering, comparing.
#include "replay/verify_run.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "format/safe_text.hpp"

#include <memory>

namespace shadowcat::tape {

namespace {

sdk::Message plain_initialize(std::uint64_t id) {
    return sdk::make_request(std::to_string(id), "initialize",
                             R"({"protocolVersion":"2025-11-25","capabilities":{},)"
                             R"("clientInfo":{"name":"shadowcat-replay","version":"1"}})");
}

/// A call that is cancelled when its time is over; shared with the timer, which may fire late.
class BoundedCall {
public:
    explicit BoundedCall(sdk::Worker& worker) : timer(worker.executor()) {}

    sdk::Cancellation cancellation;
    sdk::Timer timer;
};

std::shared_ptr<BoundedCall> bounded_call(sdk::Worker& worker, sdk::Duration limit) {
    auto call = std::make_shared<BoundedCall>(worker);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit).count();
    call->timer.expires_after(limit);
    call->timer.async_wait([call, seconds](sdk::error_code stopped) {
        if (stopped) return;
        call->cancellation.request(sdk::upstream_error(
            sdk::ErrorCode::timed_out, "no answer within " + std::to_string(seconds) + " s"));
    });
    return call;
}

}  // namespace

/// Keeps the response; answers what the server asks in between.
class Verification::Replies final : public sdk::ReplyStream {
public:
    explicit Replies(Verification& verification) : verification_(verification) {}

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override {
        if (message.is_request()) co_await verification_.answer(message);
        if (message.is_response()) response = std::move(message);
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message message) override {
        return write(std::move(message));
    }

    std::optional<sdk::Message> response;

private:
    Verification& verification_;
};

sdk::awaitable<sdk::Result<void>> Verification::run(sdk::Connector& connector) {
    const sdk::LinkOptions options;
    sdk::Result<std::unique_ptr<sdk::Link>> opened = co_await connector.open(*this, options);
    if (opened.has_error()) co_return opened.error();
    link_ = *std::move(opened);
    co_await perform_all();
    co_await link_->close();
    link_.reset();
    co_return sdk::Result<void>();
}

sdk::awaitable<> Verification::perform_all() {
    const std::vector<VerifyStep> steps = plan_verification(recording_, options_.call_tools);
    const bool has_sessions = recording_.init.era == sdk::Era::session;
    bool opened = !has_sessions;
    for (const VerifyStep& step : steps) {
        if (!step.skipped.empty()) {
            report_.add(step.exchange, Judgement(Judgement::Kind::skipped, step.skipped), out_);
            continue;
        }
        const bool handshake =
            recording_.index.method(recording_.index[step.exchange]) == "initialize";
        if (!opened && !handshake) co_await open_session();
        opened = true;
        Judgement judgement = co_await perform(step.exchange);
        const bool silent = judgement.kind == Judgement::Kind::no_answer;
        report_.add(step.exchange, std::move(judgement), out_);
        if (!handshake || !has_sessions) continue;
        if (silent && !lost_) {  // it won't answer anything else
            lost_ = sdk::upstream_error(sdk::ErrorCode::timed_out,
                                        "the server did not answer initialize");
            continue;
        }
        sdk::Message initialized = sdk::make_notification("notifications/initialized");
        const sdk::Result<void> sent = co_await link_->send(std::move(initialized));
        if (sent.has_error()) lost_ = sent.error();
    }
}

/// The tape began in the middle of a session.
sdk::awaitable<> Verification::open_session() {
    const Answer answer = co_await ask(plain_initialize(++last_id_));
    if (answer.has_error()) co_return;
    sdk::Message initialized = sdk::make_notification("notifications/initialized");
    const sdk::Result<void> sent = co_await link_->send(std::move(initialized));
    if (sent.has_error()) lost_ = sent.error();
}

Verification::Answer Verification::recorded_response(std::uint32_t exchange) const {
    const auto steps = recording_.index.steps(recording_.index[exchange]);
    return recording_.message(steps.back().place);
}

sdk::awaitable<Judgement> Verification::perform(std::uint32_t exchange) {
    const Answer request = recording_.message(recording_.index[exchange].request);
    const Answer recorded = recorded_response(exchange);
    if (request.has_error() || recorded.has_error())
        co_return Judgement(Judgement::Kind::skipped, "the tape can't be read there");
    Answer renewed = renewed_request(*request, ++last_id_, handed_out_);
    if (renewed.has_error())
        co_return Judgement(Judgement::Kind::skipped, renewed.error().message());
    const sdk::TimePoint start = sdk::Clock::now();
    const Answer live = co_await ask(*std::move(renewed));
    const std::chrono::duration<double, std::milli> took = sdk::Clock::now() - start;
    if (live.has_error()) {
        co_return Judgement(Judgement::Kind::no_answer, safe_text(live.error().message(), 300));
    }
    handed_out_.learn(*recorded, *live);
    Judgement judgement = judge(*recorded, *live, options_.ignored);
    judgement.ms = took.count();
    co_return judgement;
}

sdk::awaitable<Verification::Answer> Verification::ask(sdk::Message request) {
    if (lost_) co_return *lost_;
    const std::shared_ptr<BoundedCall> call = bounded_call(worker_, options_.timeout);
    Replies replies(*this);
    const sdk::Result<void> done =
        co_await link_->call(std::move(request), replies, call->cancellation);
    call->timer.cancel();
    if (done.has_error()) co_return done.error();
    if (!replies.response) co_return sdk::upstream_error(sdk::ErrorCode::protocol, "no response");
    co_return *std::move(replies.response);
}

sdk::awaitable<> Verification::answer(const sdk::Message& question) {
    sdk::Message response = answers_.answer(question);
    if (!link_) co_return;
    const sdk::Result<void> sent = co_await link_->send(std::move(response));
    if (sent.has_error()) lost_ = sent.error();
}

sdk::awaitable<> Verification::on_message(sdk::Message message) {
    if (message.is_request()) co_await answer(message);
}

}  // namespace shadowcat::tape
