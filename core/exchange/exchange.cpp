// SPDX-License-Identifier: Apache-2.0
// The way of one request.
#include "core/exchange/exchange.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/session/session.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shadowcat::core {

namespace {

sdk::Error blocked() {
    return sdk::Error(sdk::ErrorCode::blocked, "an interceptor dropped the message");
}

/// An error response without an id, given the id of the request that it must belong to.
sdk::Message with_id(const sdk::Message& response, const std::string& id) {
    const auto error = nlohmann::json::parse(response.bytes()).value("error", nlohmann::json());
    const int code = error.value("code", sdk::json_rpc::kInternalError);
    const std::string data = error.contains("data") ? error["data"].dump() : "";
    return sdk::make_error(id, code, error.value("message", "unknown error"), data);
}

}  // namespace

Exchange::Exchange(Session& session, sdk::ReplyStream& client, const sdk::Message& request)
    : session_(session),
      client_(client),
      id_(request.id()),
      method_(request.method()),
      initialize_(method_ == "initialize"),
      started_(sdk::Clock::now()),
      last_sign_(session.context().worker.now()) {
    session_.exchanges().push_back(this);
    session_.context().metrics.in_flight.add();
}

Exchange::~Exchange() {
    std::erase(session_.exchanges(), this);
    if (session_.exchanges().empty()) session_.forget_questions_of_exchanges();
    const std::string& upstream = session_.upstream_name();
    ProxyMetrics& metrics = session_.context().metrics;
    metrics.in_flight.subtract();
    metrics.finished(method_, upstream, outcome_, sdk::Clock::now() - started_);
}

sdk::awaitable<> Exchange::run(sdk::Message request) {
    const sdk::Result<void> done = co_await perform(std::move(request));
    if (done.has_error() && !answered_) co_await finish(done.error());
}

sdk::awaitable<sdk::Result<void>> Exchange::perform(sdk::Message request) {
    SessionContext& context = session_.context();
    if (session_.ended()) {
        co_return sdk::downstream_error(sdk::ErrorCode::unknown_session, "the session has ended");
    }
    if (session_.exchanges().size() > context.settings.max_in_flight) {
        co_return sdk::Error(sdk::ErrorCode::unavailable,
                             "too many requests in flight in one session");
    }
    if (!context.interceptors.empty()) {
        sdk::Verdict verdict =
            co_await session_.intercept(request, sdk::Direction::client_to_server);
        if (verdict.kind() == sdk::Verdict::Kind::drop) co_return blocked();
        if (verdict.response()) co_return co_await to_client(*std::move(verdict.response()));
    }
    if (!context.settings.transparent && request.method() == "ping") {
        sdk::Message pong = sdk::make_result(id_, "{}");
        co_return co_await to_client(std::move(pong));
    }
    sdk::Result<std::shared_ptr<LinkLease>> lease = co_await session_.lease();
    if (lease.has_error()) co_return lease.error();
    if (session_.ended()) co_return sdk::Error(sdk::ErrorCode::closed, "the session has ended");
    const std::shared_ptr<LinkLease> held = *std::move(lease);
    if (std::optional<sdk::Message> answer = session_.answer_for_shared(request)) {
        co_return co_await to_client(*std::move(answer));
    }
    co_return co_await call(*held, std::move(request));
}

sdk::awaitable<sdk::Result<void>> Exchange::call(LinkLease& lease, sdk::Message request) {
    const Counted in_flight(lease.upstream().in_flight);
    if (initialize_) session_.remember_initialize(request);
    last_sign_ = session_.context().worker.now();
    co_return co_await lease.link().call(std::move(request), *this, cancellation_);
}

sdk::awaitable<> Exchange::finish(sdk::Error error) {
    const bool by_client = cancellation_.requested() && error.code() == sdk::ErrorCode::cancelled;
    outcome_ = by_client ? Outcome::cancelled : Outcome::failed;
    if (by_client) co_return;
    sdk::log::warn("request failed", {{"session", session_.label()},
                                      {"upstream", session_.upstream_name()},
                                      {"method", method_},
                                      {"reason", name(error.code())},
                                      {"error", error}});
    sdk::Message response = sdk::make_error(id_, error);
    const bool session_lost = error.code() == sdk::ErrorCode::unknown_session;
    answered_ = true;
    const sdk::Result<void> told = co_await client_.fail(std::move(error), std::move(response));
    if (told.has_error()) sdk::log::debug("client gone", {{"session", session_.label()}});
    if (session_lost) session_.end_later();
}

sdk::awaitable<sdk::Result<void>> Exchange::write(sdk::Message message) {
    last_sign_ = session_.context().worker.now();
    if (message.is_response() && message.id().empty()) message = with_id(message, id_);
    if (message.is_request()) {
        if (std::optional<sdk::Message> answer = session_.answer_server_request(message, true)) {
            co_await session_.reply_to_server(*std::move(answer));
            co_return sdk::Result<void>();
        }
    }
    if (message.is_response()) note(message);
    if (!session_.context().interceptors.empty()) {
        sdk::Verdict verdict =
            co_await session_.intercept(message, sdk::Direction::server_to_client);
        co_return co_await write_verdict(std::move(verdict), std::move(message));
    }
    co_return co_await to_client(std::move(message));
}

sdk::awaitable<sdk::Result<void>> Exchange::write_verdict(sdk::Verdict verdict,
                                                          sdk::Message message) {
    if (verdict.kind() == sdk::Verdict::Kind::pass) {
        co_return co_await to_client(std::move(message));
    }
    if (!message.is_response()) co_return sdk::Result<void>();
    if (verdict.response()) co_return co_await to_client(*std::move(verdict.response()));
    co_await finish(blocked());
    co_return sdk::Result<void>();
}

void Exchange::note(const sdk::Message& response) {
    outcome_ = response.kind() == sdk::MessageKind::result ? Outcome::result : Outcome::error;
    if (initialize_) session_.initialized_by(response);
}

sdk::awaitable<sdk::Result<void>> Exchange::to_client(sdk::Message message) {
    if (message.is_response()) {
        answered_ = true;
        outcome_ = message.kind() == sdk::MessageKind::result ? Outcome::result : Outcome::error;
    }
    return client_.write(std::move(message));
}

sdk::awaitable<sdk::Result<void>> Exchange::fail(sdk::Error error, sdk::Message response) {
    answered_ = true;
    return client_.fail(std::move(error), std::move(response));
}

void Exchange::sign_of_life() { last_sign_ = session_.context().worker.now(); }

void Exchange::sweep(sdk::TimePoint now) {
    const SessionSettings& settings = session_.context().settings;
    const auto limit =
        session_.client_owes_answer() ? settings.human_timeout : settings.request_timeout;
    if (now - last_sign_ < limit) return;
    cancel(sdk::upstream_error(
        sdk::ErrorCode::timed_out,
        "no answer to '" + method_ + "' within " + std::to_string(limit.count()) + " s"));
}

}  // namespace shadowcat::core
