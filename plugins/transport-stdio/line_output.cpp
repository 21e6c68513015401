// SPDX-License-Identifier: Apache-2.0
// Gathering, writing and waiting.
#include "line_output.hpp"

#include "shadowcat/sdk/log.hpp"

namespace shadowcat::transport_stdio {

namespace {

sdk::Error gone() { return sdk::downstream_error(sdk::ErrorCode::closed, "stdout is closed"); }

}  // namespace

LineOutput::LineOutput(Stream stream, sdk::Duration patience)
    : stream_(std::move(stream)),
      writer_(stream_),
      patience_(patience),
      flush_limit_(stream_.get_executor()) {}

sdk::awaitable<sdk::Result<void>> LineOutput::write(sdk::Message message) {
    message.make_single_line();
    return write_line(std::move(message).release());
}

sdk::awaitable<sdk::Result<void>> LineOutput::write_line(std::string line) {
    if (broken_ || finishing_) co_return gone();
    pending_bytes_ += line.size();
    pending_.push_back(std::move(line));
    more_.notify();
    while (full())
        co_await wait_for_room();
    if (broken_) co_return gone();
    co_return sdk::Result<void>();
}

sdk::awaitable<> LineOutput::wait_for_room() {
    sdk::Timer room(stream_.get_executor());
    room.expires_after(patience_);
    blocked_.push_back(&room);
    const auto [woken] = co_await room.async_wait(sdk::as_tuple);
    std::erase(blocked_, &room);
    if (!woken) give_up();
}

void LineOutput::give_up() {
    if (broken_) return;
    sdk::log::warn("client does not read", {{"pending_bytes", pending_bytes_}});
    broken_ = true;
    close_quietly(stream_);
    wake_writers();
}

void LineOutput::sever() noexcept {
    severed_ = broken_ = true;
    close_quietly(stream_);
    flush_limit_.cancel();
    wake_writers();
    more_.notify();
}

sdk::awaitable<sdk::Result<void>> LineOutput::fail(sdk::Error, sdk::Message response) {
    return write(std::move(response));
}

sdk::awaitable<> LineOutput::run() {
    while (!broken_) {
        if (!pending_.empty()) {
            co_await write_pending();
        } else if (finishing_) {
            break;
        } else {
            co_await more_.wait();
        }
    }
}

sdk::awaitable<> LineOutput::write_pending() {
    taken_.swap(pending_);
    const std::size_t bytes = pending_bytes_;
    const sdk::error_code failed = co_await writer_.write(taken_);
    taken_.clear();
    pending_bytes_ -= bytes;
    broken_ = broken_ || failed;
    if (pending_.empty() || broken_) flush_limit_.cancel();
    wake_writers();
}

void LineOutput::wake_writers() {
    if (full()) return;
    for (sdk::Timer* each : blocked_)
        each->cancel();
}

void LineOutput::stop_waiting() {
    waiting_allowed_ = false;
    wake_writers();
}

sdk::awaitable<> LineOutput::flush(sdk::Duration limit) {
    if (pending_bytes_ == 0 || broken_) co_return;
    flush_limit_.expires_after(limit);
    co_await flush_limit_.async_wait(sdk::as_tuple);
}

sdk::awaitable<> LineOutput::finish(sdk::Duration limit) {
    finishing_ = true;
    stop_waiting();
    co_await flush(limit);
    close_quietly(stream_);
    more_.notify();
}

}  // namespace shadowcat::transport_stdio
