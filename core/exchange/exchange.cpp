// SPDX-License-Identifier: Apache-2.0
// The way of one request to a server, and how often it goes there.
#include "core/exchange/exchange.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/session/session.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

namespace shadowcat::core {

namespace {

double jitter() {
    thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(random);
}

/// The pauses of a subscription whose server is gone.
const RetrySettings kListenAgain = [] {
    RetrySettings settings;
    settings.min_backoff = std::chrono::milliseconds(200);
    settings.max_backoff = std::chrono::seconds(10);
    return settings;
}();

std::string level_of(const sdk::Message& request) {
    const auto document = nlohmann::json::parse(request.bytes(), nullptr, false);
    const auto params = document.value("params", nlohmann::json());
    if (!params.is_object() || !params.contains("level") || !params["level"].is_string()) return {};
    return params["level"].get<std::string>();
}

/// What goes elsewhere, and of which the upstream in trouble has had nothing, multiplies nobody's
/// load: that is not counted.
bool affords(Session& session, Upstream& upstream, const sdk::Error& error) {
    const std::size_t percent = upstream.settings().retry.budget_percent;
    if (percent == 0) return false;
    if (error.nothing_sent() && session.can_leave(upstream)) return true;
    return upstream.state().retry_budget.try_retry(session.context().worker.now(), percent);
}

}  // namespace

Exchange::Exchange(Session& session, sdk::ReplyStream& client, const sdk::Message& request)
    : session_(session),
      client_(client),
      id_(request.id()),
      method_(request.method()),
      kind_(mcp::method(method_)),
      initialize_(method_ == "initialize"),
      started_(sdk::Clock::now()),
      times_(session.context().worker.now()),
      kept_(session.context().copies) {
    session_.exchanges().push_back(this);
    SessionContext& context = session_.context();
    if (kind_.endless()) listen_.emplace(id_);
    if (!listen_) context.metrics.in_flight.add();
    wants_logs_ = !request.log_level().empty();
    if (!context.interceptors.empty()) {
        number_ = ++context.exchanges;
        target_ = request.name();
    }
    if (context.records()) {
        log_ = std::make_unique<ExchangeLog>(session, request, context.traces(), started_);
    }
}

Exchange::~Exchange() {
    std::erase(session_.exchanges(), this);
    if (session_.exchanges().empty()) session_.forget_questions_of_exchanges();
    if (stream_) session_.streams().close_call(*stream_);
    SessionContext& context = session_.context();
    const sdk::Duration elapsed = sdk::Clock::now() - started_;
    if (!listen_) context.metrics.in_flight.subtract();
    context.metrics.finished(session_.requests(), kind_, outcome_, elapsed);
    if (!log_) return;
    context.sinks->on_exchange(
        log_->finish(session_, method_, outcome_, client_.status(), elapsed));
}

sdk::Result<void> Exchange::may_begin() const {
    if (session_.ended()) return session_.end_error();
    if (session_.exchanges().size() <= session_.context().settings.max_in_flight) return {};
    return sdk::Error(sdk::ErrorCode::unavailable, "too many requests in flight in one session");
}

Exchange::Done Exchange::perform(sdk::Message& request) {
    if (session_.context().interceptors.empty()) return serve(request);
    InterceptorChain::Passage passage =
        session_.passage(request, sdk::Direction::client_to_server, this);
    std::optional<sdk::Verdict> verdict = session_.intercept_at_once(passage, request);
    if (verdict) return obey(*std::move(verdict), request);
    return perform_waiting(std::move(passage), request);
}

Exchange::Done Exchange::perform_waiting(InterceptorChain::Passage passage, sdk::Message& request) {
    sdk::Verdict verdict = co_await session_.intercept_waiting(passage, request, this);
    if (cancellation_.requested()) co_return cancellation_.reason();
    co_return co_await obey(std::move(verdict), request);
}

Exchange::Done Exchange::obey(sdk::Verdict verdict, sdk::Message& request) {
    became_another_ = request.method() != method_;
    switch (verdict.kind()) {
        case sdk::Verdict::Kind::drop:
            return at_once(dropped_by_interceptor());
        case sdk::Verdict::Kind::sever:
            sever();
            return at_once();
        case sdk::Verdict::Kind::answer:
            return to_client(*std::move(verdict.response()));
        default:
            return serve(request);
    }
}

/// Behind the interceptors.
Exchange::Done Exchange::serve(sdk::Message& request) {
    SessionContext& context = session_.context();
    const bool answers_pings = !context.settings.transparent && !session_.is_stateless();
    if (answers_pings && request.method() == "ping") return answer(sdk::make_result(id_, "{}"));
    if (log_) log_->mark(request);
    return attempt(request);
}

bool Exchange::goes_again(const sdk::Result<void>& done, sdk::Message& request) {
    if (!done.has_error() || answered_) return false;
    if (kept_) request = kept_.take();
    return listen_ ? listens_again(done.error(), request) : repeats(done.error(), request);
}

Exchange::Done Exchange::again(sdk::Message& request) {
    given_away_ = false;
    co_await pause();
    if (cancellation_.requested()) co_return cancellation_.reason();
    co_return co_await attempt(request);
}

Exchange::Done Exchange::attempt(sdk::Message& request) {
    used_ = nullptr;
    std::shared_ptr<LinkLease> lease = session_.ready_link();
    if (!lease) {
        sdk::Result<std::shared_ptr<LinkLease>> waited = co_await wait_for_link();
        if (waited.has_error()) co_return waited.error();
        lease = *std::move(waited);
    }
    if (std::optional<sdk::Message> ours = session_.answer_for_shared(request)) {
        co_return co_await answer(*std::move(ours));
    }
    const Session::Use use(session_);
    reach(*session_.upstream());
    Upstream& upstream = *used_;
    std::optional<CallPermit> permit = upstream.try_admit(request.bytes().size());
    if (!permit) {
        sdk::Result<CallPermit> waited =
            co_await upstream.admit(request.bytes().size(), &cancellation_);
        if (waited.has_error()) co_return waited.error();
        permit.emplace(*std::move(waited));
    }
    prepare(upstream, request);
    times_.sent(session_.context().worker.now());
    LinkLease::Call call(*lease, !initialize_);
    sdk::Result<void> done = co_await call.perform(std::move(request), *this, cancellation_);
    call.ended(done);
    times_.attempt_over();
    report(upstream, done);
    if (done.has_error()) session_.check_link(lease, done.error());
    co_return done;
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Exchange::wait_for_link() {
    sdk::Result<std::shared_ptr<LinkLease>> lease = co_await session_.lease(&cancellation_);
    if (lease.has_error()) {
        if (Upstream* failed = session_.failed_upstream()) reach(*failed);
    } else if (session_.ended()) {
        lease = sdk::Error(sdk::ErrorCode::closed, "the session has ended");
    }
    co_return lease;
}

void Exchange::reach(Upstream& upstream) {
    used_ = &upstream;
    if (++tries_ == 1) {
        upstream.state().retry_budget.count_request(session_.context().worker.now());
    }
}

/// Keeps what is needed after the link has got the request.
void Exchange::prepare(const Upstream& upstream, const sdk::Message& request) {
    given_away_ = true;
    if (log_) log_->sent();
    if (initialize_) {
        session_.remember_capabilities(request);
        subject_ = request.bytes();
    } else if (kind_.leaves == mcp::Leaves::remembered) {
        subject_ = method_ == "logging/setLevel" ? level_of(request) : std::string(request.name());
    } else if (kind_.leaves == mcp::Leaves::by_annotation &&
               upstream.settings().retry.trust_annotations) {
        subject_ = request.name();
    }
    const bool may_repeat = !session_.context().settings.transparent &&
                            (listen_ || tries_ < upstream.settings().retry.max_attempts) &&
                            request.bytes().size() <= kMaxKeptBytes;
    if (may_repeat) kept_.keep(request);
}

void Exchange::report(Upstream& upstream, const sdk::Result<void>& done) {
    const bool ours = times_.client_slow() || (done.has_error() && session_.ended());
    upstream.report(done.has_value() ? CallVerdict::success
                    : ours           ? CallVerdict::neutral
                                     : judge(done.error()));
}

bool Exchange::repeats(const sdk::Error& error, const sdk::Message& request) {
    const Advice advice = consider(error, request);
    if (advice == Advice::give_up) return false;
    ProxyMetrics& metrics = session_.context().metrics;
    const std::string& upstream = used_->name();
    const bool affordable = advice == Advice::again && affords(session_, *used_, error);
    metrics.retry(upstream, affordable                 ? "retried"
                            : advice == Advice::unsafe ? "unsafe"
                                                       : "budget");
    if (!affordable) return false;
    sdk::log::info("request repeated", {{"session", session_.label()},
                                        {"upstream", upstream},
                                        {"method", method_},
                                        {"error", error}});
    const bool forgotten = error.code() == sdk::ErrorCode::unknown_session;  // but there it is
    if (!forgotten) session_.leave(*used_);
    return true;
}

Advice Exchange::consider(const sdk::Error& error, const sdk::Message& request) const {
    const bool lost = given_away_ && request.bytes().empty();
    const bool unknown = became_another_;  // what `kind_` says was meant for another method
    if (!used_ || session_.ended() || lost || unknown || session_.context().settings.transparent) {
        return Advice::give_up;
    }
    const RetrySettings& settings = used_->settings().retry;
    FailedAttempt attempt;
    attempt.method = kind_.retry;
    attempt.tool_repeatable =
        settings.trust_annotations && used_->state().tools.hints(request.name()).repeatable();
    attempt.continues_input = continues_input(request.bytes());
    attempt.reply_begun = reply_begun_;
    attempt.client_gone = gone_ || cancellation_.requested();
    attempt.elsewhere = session_.can_leave(*used_);
    attempt.attempts = tries_;
    attempt.max_attempts = settings.max_attempts;
    return advise(attempt, error);
}

/// A subscription that the server has lost is opened again for as long as the client wants it
/// (duties B.8, F 85). Before the acknowledgement it is a request like any other.
bool Exchange::listens_again(const sdk::Error& error, const sdk::Message& request) {
    if (!listen_->acknowledged()) return repeats(error, request);
    if (session_.ended() || cancellation_.requested() || request.bytes().empty()) return false;
    if (error.code() == sdk::ErrorCode::unsupported) return false;
    ++losses_;
    sdk::log::info(
        "subscription opened again",
        {{"session", session_.label()}, {"upstream", session_.upstream_name()}, {"error", error}});
    return true;
}

sdk::awaitable<> Exchange::pause() {
    const auto pause = listen_ && listen_->acknowledged()
                           ? pause_before_retry(kListenAgain, losses_, jitter())
                           : pause_before_retry(used_->settings().retry, tries_, jitter());
    if (pause.count() == 0) co_return;
    sdk::Timer timer(session_.context().worker.context());
    timer.expires_after(pause);
    cancellation_.on_request([&timer] { timer.cancel(); });
    if (!cancellation_.requested()) co_await timer.async_wait(sdk::as_tuple);
    cancellation_.on_request({});
}

void Exchange::describe(sdk::MessageContext& context) noexcept {
    context.exchange = number_;
    context.method = method_;
    context.name = target_;
    context.request_id = id_;
    context.stream = client_.stream();
    context.cancellation = &cancellation_;
}

void Exchange::sign_of_life() { times_.sign_of_life(session_.context().worker.now()); }

void Exchange::go_on() { times_.go_on(session_.context().worker.now()); }

void Exchange::sweep(sdk::TimePoint now) {
    if (listen_) return;
    std::optional<std::string> late =
        times_.overdue(now, session_.context().settings, method_, session_.client_owes_answer());
    if (late) cancel(sdk::upstream_error(sdk::ErrorCode::timed_out, *std::move(late)));
}

}  // namespace shadowcat::core
