// SPDX-License-Identifier: Apache-2.0
// From the event `endpoint` to the end of the session.
#include "sse_stream.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "request_rules.hpp"

namespace shadowcat::http {

SseStream::SseStream(HttpConnection& connection, std::shared_ptr<ClientSession> session)
    : connection_(connection),
      principal_(connection.client_info().principal),
      session_(std::move(session)),
      events_(connection) {}

awaitable<> SseStream::run(SseStreams& streams) {
    SseStreams::Entry entry(streams, *this);
    connection_.tell_request(session_->label());
    connection_.close_after_response();
    const std::string where = connection_.options().sse.messages + "?token=" + entry.token();
    const bool told = co_await events_.announce("endpoint", where);
    if (told) co_await serve();
    entry.remove();
    co_await session_->end();
    co_await requests_.empty();
    if (!connection_.lost()) co_await events_.close();
    connection_.end_watch();
    co_await watching_.empty();
}

awaitable<> SseStream::serve() {
    spawn_logged(connection_.group().worker(), watch(watching_.enter()), "http.watch");
    const std::string_view from_now_on;
    (void)co_await session_->listen(*this, from_now_on);
}

/// Its stream is all that there is of a client.
awaitable<> SseStream::watch([[maybe_unused]] Gate::Pass pass) {
    const bool gone = co_await connection_.watch(Said::discarded);
    if (gone) session_->stop_listening(*this);
}

std::optional<Refusal> SseStream::begin_request(Message request) {
    if (requests_.inside() >= kMostInFlight) return refuse_for_now();
    HeldBytes held(connection_.state().host.bytes_in_flight(), request.bytes().size());
    spawn_logged(connection_.group().worker(),
                 perform(std::move(request), std::move(held), requests_.enter()),
                 "http.sse_request");
    return std::nullopt;
}

awaitable<> SseStream::perform(Message request, [[maybe_unused]] HeldBytes held,
                               [[maybe_unused]] Gate::Pass pass) {
    const std::shared_ptr<ClientSession> session = session_;
    co_await session->request(std::move(request), *this);
}

awaitable<Result<void>> SseStream::write(Message message) {
    message.make_single_line();
    Turn turn(*this);
    co_await turn.come();
    bool written = !connection_.lost();
    if (written) written = co_await events_.send(message.bytes(), false);
    if (written) co_return Result<void>();
    co_return downstream_error(ErrorCode::closed, "the client has closed the stream");
}

awaitable<Result<void>> SseStream::fail(Error, Message response) {
    return write(std::move(response));
}

awaitable<> SseStream::Turn::come() {
    if (stream_.writing_) {
        Wakeup& called = stream_.waiting_.emplace_back();
        co_await called.wait();
    }
    stream_.writing_ = mine_ = true;
}

SseStream::Turn::~Turn() {
    if (!mine_) return;
    stream_.writing_ = !stream_.waiting_.empty();
    if (!stream_.writing_) return;
    std::list<Wakeup> next;
    next.splice(next.begin(), stream_.waiting_, stream_.waiting_.begin());
    next.front().notify();
}

}  // namespace shadowcat::http
