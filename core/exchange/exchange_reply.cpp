// SPDX-License-Identifier: Apache-2.0
// What answers a request, on its way back to the client.
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/exchange/exchange.hpp"
#include "core/session/session.hpp"

#include <nlohmann/json.hpp>

namespace shadowcat::core {

namespace {

/// An error response without an id, given the id of the request that it must belong to.
sdk::Message with_id(const sdk::Message& response, const std::string& id) {
    const auto error = nlohmann::json::parse(response.bytes()).value("error", nlohmann::json());
    const int code = error.value("code", sdk::json_rpc::kInternalError);
    const std::string data = error.contains("data") ? error["data"].dump() : "";
    return sdk::make_error(id, code, error.value("message", "unknown error"), data);
}

}  // namespace

Exchange::Done Exchange::write(sdk::Message message) {
    times_.server_spoke(session_.context().worker.now());
    if (severed_) return at_once(sdk::Error(sdk::ErrorCode::closed, "the stream was severed"));
    if (log_) log_->server_spoke();
    if (message.is_response()) {
        if (message.id().empty()) message = with_id(message, id_);
        note(message);
        return intercept_reply(std::move(message));
    }
    if (session_.is_stateless()) {
        if (listen_) return write_listen(std::move(message));
        if (is_foreign(message)) return at_once();
    }
    if (message.is_request()) {
        std::optional<sdk::Message> answer = session_.answer_server_request(message, true);
        if (answer) return answer_server(*std::move(answer));
    }
    return intercept_reply(std::move(message));
}

/// What nobody has to wait for.
Exchange::Done Exchange::at_once(sdk::Result<void> outcome) { co_return outcome; }

Exchange::Done Exchange::answer_server(sdk::Message answer) {
    co_await session_.reply_to_server(std::move(answer));
    co_return sdk::Result<void>();
}

/// The way of a message through the interceptors to the client. `ours`: the proxy made it.
Exchange::Done Exchange::intercept_reply(sdk::Message&& message, bool ours) {
    if (session_.context().interceptors.empty()) return to_client(std::move(message));
    InterceptorChain::Passage passage =
        session_.passage(message, sdk::Direction::server_to_client, this, ours);
    std::optional<sdk::Verdict> verdict = session_.intercept_at_once(passage, message);
    if (verdict) return reply_by(*std::move(verdict), std::move(message));
    return reply_waiting(std::move(passage), std::move(message));
}

Exchange::Done Exchange::reply_waiting(InterceptorChain::Passage passage, sdk::Message message) {
    sdk::Verdict verdict = co_await session_.intercept_waiting(passage, message, this);
    co_return co_await reply_by(std::move(verdict), std::move(message));
}

Exchange::Done Exchange::reply_by(sdk::Verdict verdict, sdk::Message&& message) {
    if (!stops(verdict)) return to_client(std::move(message));
    if (message.is_response() && verdict.response()) {
        return to_client(*std::move(verdict.response()));
    }
    return stop_reply(std::move(verdict), std::move(message));
}

/// What revision 2026-07-28 doesn't allow on the stream of a request (duties F 20, 21, 100).
bool Exchange::is_foreign(const sdk::Message& message) const {
    const bool log = message.method() == "notifications/message" && wants_logs_;
    const bool passes = log || message.method() == "notifications/progress";
    if (!passes) sdk::log::debug("message dropped", {{"method", message.method()}});
    return !passes;
}

Exchange::Done Exchange::write_listen(sdk::Message message) {
    losses_ = 0;
    if (session_.context().cache) session_.context().cache->changed(message);
    std::vector<sdk::Message> pass = listen_->take(std::move(message));
    for (sdk::Message& each : pass) {
        if (!session_.context().interceptors.empty()) {
            const sdk::Verdict verdict =
                co_await session_.intercept(each, sdk::Direction::server_to_client, this);
            if (verdict.kind() == sdk::Verdict::Kind::sever) sever();
            if (stops(verdict)) continue;
        }
        const sdk::Result<void> written = co_await to_client(std::move(each));
        if (written.has_error()) co_return written;
    }
    co_return sdk::Result<void>();
}

Exchange::Done Exchange::stop_reply(sdk::Verdict verdict, sdk::Message message) {
    if (verdict.kind() == sdk::Verdict::Kind::sever) {
        sever();
    } else if (message.is_response()) {
        co_await finish(dropped_by_interceptor());
    } else {
        co_await session_.refuse_stopped(std::move(message));
    }
    co_return sdk::Result<void>();
}

void Exchange::note(sdk::Message& response) {
    const bool success = response.kind() == sdk::MessageKind::result;
    outcome_ = success ? Outcome::result : Outcome::error;
    if (initialize_) {
        if (used_ && !success) used_->state().era.forget();  // it may have changed since
        return session_.initialized_by(response, subject_);
    }
    const bool trusted = used_ && used_->settings().retry.trust_annotations;
    if (used_ && method_ == "tools/list") {
        if (success) used_->state().schemas.learn(response);
        if (trusted) used_->state().tools.learn(response);
    }
    const bool remembered = kind_.leaves == mcp::Leaves::remembered;
    if (used_ && used_->is_shared() && !remembered) return;  // it keeps no state per client
    const bool read_only = trusted && kind_.leaves == mcp::Leaves::by_annotation &&
                           used_->state().tools.hints(subject_).read_only;
    session_.answered(kind_, subject_, success, read_only);
}

/// The proxy's own word in the server's place.
Exchange::Done Exchange::answer(sdk::Message ours) {
    return intercept_reply(std::move(ours), true);
}

/// For the client the connection has broken off; for the server nothing has happened.
void Exchange::sever() noexcept {
    severed_ = true;
    answered_ = true;
    gone_ = true;
    client_.sever();
}

Exchange::Done Exchange::to_client(sdk::Message&& message) {
    const bool last = message.is_response();
    if (last) {
        answered_ = true;
        outcome_ = message.kind() == sdk::MessageKind::result ? Outcome::result : Outcome::error;
    }
    reply_begun_ = true;
    if (log_) log_->said(message);
    if (belongs_to_stream(message)) return to_stream(std::move(message));
    return client_.write(std::move(message));
}

/// A reply becomes a stream with its first message that is not the response.
bool Exchange::belongs_to_stream(const sdk::Message& message) {
    if (stream_) return true;
    if (session_.is_stateless() || message.is_response() ||
        session_.context().settings.replay_messages == 0)
        return false;
    stream_ = session_.streams().open_call();
    return true;
}

/// A client that has lost its connection finds everything in the replay buffer, and so does one
/// that has resumed the stream on another connection, with which the call then keeps step.
Exchange::Done Exchange::to_stream(sdk::Message message) {
    ClientStreams& streams = session_.streams();
    co_await streams.wait_for_reader(*stream_);
    gone_ = gone_ || streams.resumed(*stream_);
    if (gone_) {
        streams.record(*stream_, std::move(message));
        co_return sdk::Result<void>();
    }
    if (!primed_) co_await prime();
    const std::string event = streams.record(*stream_, message);
    const sdk::Result<void> written = co_await client_.write_event(std::move(message), event);
    gone_ = written.has_error();
    co_return sdk::Result<void>();
}

/// MCP 2025-11-25, basic/transports: a stream begins with an event that a client can come back to.
/// Clients of older revisions would take its empty data for JSON.
sdk::awaitable<> Exchange::prime() {
    primed_ = true;
    if (session_.revision() < "2025-11-25") co_return;
    const std::string event = session_.streams().mark(*stream_);
    const sdk::Result<void> primed = co_await client_.prime(event);
    if (primed.has_error()) sdk::log::debug("client gone", {{"session", session_.label()}});
}

Exchange::Done Exchange::fail(sdk::Error error, sdk::Message response) {
    answered_ = true;
    return client_.fail(std::move(error), std::move(response));
}

sdk::awaitable<> Exchange::finish(sdk::Error error) {
    if (answered_) co_return;
    const bool by_client = cancellation_.requested() && error.code() == sdk::ErrorCode::cancelled;
    outcome_ = by_client ? Outcome::cancelled : Outcome::failed;
    if (by_client) co_return;
    sdk::log::warn("request failed", {{"session", session_.label()},
                                      {"upstream", session_.upstream_name()},
                                      {"method", method_},
                                      {"reason", name(error.code())},
                                      {"error", error}});
    if (listen_ && listen_->acknowledged()) {
        sdk::Message over = listen_->graceful_end();
        co_await to_client(std::move(over));
        co_return;
    }
    sdk::Message response = sdk::make_error(id_, error);
    if (!session_.context().interceptors.empty()) {  // they may see it, not stop it
        co_await session_.intercept(response, sdk::Direction::server_to_client, this, true);
    }
    if (log_) {
        log_->said(response);
        log_->failed(error);
    }
    if (error.code() == sdk::ErrorCode::unknown_session) session_.lose("unknown_session", error);
    answered_ = true;
    if (stream_) {
        co_await session_.streams().wait_for_reader(*stream_);
        gone_ = gone_ || session_.streams().resumed(*stream_);
        session_.streams().record(*stream_, response);
    }
    if (gone_) co_return;
    const sdk::Result<void> told = co_await client_.fail(std::move(error), std::move(response));
    if (told.has_error()) sdk::log::debug("client gone", {{"session", session_.label()}});
}

}  // namespace shadowcat::core
