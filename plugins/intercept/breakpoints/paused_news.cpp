// SPDX-License-Identifier: Apache-2.0
// A queue between threads whose reader is a coroutine.
#include "breakpoints/paused_news.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace shadowcat::intercept {

void PausedNews::tell(sdk::Json line) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    if (lines_.size() >= kMostLines) {
        ++lost_;
        return;
    }
    lines_.push_back(std::move(line));
    wake();
}

void PausedNews::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake();
}

/// The reader looks for lines before it waits, on the thread that the post runs on: no wake-up is
/// lost.
void PausedNews::wake() {
    sdk::asio::post(reader_, [self = shared_from_this()] { self->wakeup_.notify(); });
}

void PausedNews::give_up() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        lines_.clear();
        lost_ = 0;
    }
    wakeup_.notify();
}

sdk::awaitable<std::optional<sdk::Json>> PausedNews::next() {
    for (;;) {
        std::optional<sdk::Json> line = take();
        if (line || is_closed()) co_return line;
        co_await wakeup_.wait();
    }
}

std::optional<sdk::Json> PausedNews::take() {
    const std::lock_guard lock(mutex_);
    if (lines_.empty()) {
        if (lost_ == 0) return std::nullopt;
        return sdk::Json{{"event", "lost"}, {"count", std::exchange(lost_, 0)}};
    }
    std::optional<sdk::Json> line(std::move(lines_.front()));
    lines_.pop_front();
    return line;
}

bool PausedNews::is_closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

}  // namespace shadowcat::intercept
