// SPDX-License-Identifier: Apache-2.0
// The late choice between an array and an event stream.
#include "batch_answer.hpp"

namespace shadowcat::http {

awaitable<> Queue::enter() {
    if (!taken_) {
        taken_ = true;
        co_return;
    }
    Wakeup mine;
    waiting_.push_back(&mine);
    co_await mine.wait();
}

void Queue::leave() {
    if (waiting_.empty()) {
        taken_ = false;
        return;
    }
    Wakeup* next = waiting_.front();
    waiting_.pop_front();
    next->notify();
}

awaitable<Result<void>> BatchAnswer::take(Message message) {
    if (connection_.lost()) {
        co_return downstream_error(ErrorCode::closed, "the client has closed the connection");
    }
    streams_ = streams_ || !message.is_response();
    if (!streams_) {
        responses_.push_back(std::move(message));
        co_return Result<void>();
    }
    co_await writers_.enter();
    const bool written = co_await send(std::move(message));
    writers_.leave();
    if (written) co_return Result<void>();
    co_return downstream_error(ErrorCode::closed, "the client has closed the connection");
}

/// What was kept goes first.
awaitable<bool> BatchAnswer::send(Message message) {
    std::vector<Message> kept = std::exchange(responses_, std::vector<Message>());
    kept.push_back(std::move(message));
    bool written = true;
    for (Message& each : kept) {
        each.make_single_line();
        if (written) written = co_await events_.send(each.bytes(), false);
    }
    co_return written;
}

awaitable<> BatchAnswer::finish() {
    if (connection_.lost()) co_return;
    if (streams_ || responses_.empty()) {
        co_await events_.close();
        co_return;
    }
    const std::string text = body();
    co_await connection_.respond(200, "application/json", text);
}

std::string BatchAnswer::body() const {
    if (responses_.size() == 1) return responses_.front().bytes();
    std::string text;
    for (const Message& each : responses_)
        text.append(text.empty() ? "[" : ",").append(each.bytes());
    return text + "]";
}

}  // namespace shadowcat::http
