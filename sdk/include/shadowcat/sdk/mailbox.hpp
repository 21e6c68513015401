// SPDX-License-Identifier: Apache-2.0
// Mailbox: a bounded queue between coroutines of one worker.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace shadowcat::sdk::inline v1 {

/// A bounded FIFO with one consumer. Single-threaded. What was pushed before `close` is still
/// popped.
template <class T>
class Mailbox {
public:
    /// Holds at most `capacity` values.
    explicit Mailbox(std::size_t capacity) : capacity_(capacity) {}

    std::size_t size() const noexcept { return items_.size(); }
    bool empty() const noexcept { return items_.empty(); }
    bool full() const noexcept { return items_.size() >= capacity_; }
    bool closed() const noexcept { return closed_; }

    /// Appends and wakes the consumer (it runs before this returns). False, and `value` untouched,
    /// when full or closed.
    bool try_push(T&& value) {
        if (closed_ || full()) return false;
        items_.push_back(std::move(value));
        wakeup_.notify();
        return true;
    }

    /// Removes and returns the oldest value, if there is one.
    std::optional<T> try_pop() {
        if (items_.empty()) return std::nullopt;
        std::optional<T> value(std::move(items_.front()));
        items_.pop_front();
        return value;
    }

    /// Waits for a value; nothing once closed and drained. One consumer at a time.
    awaitable<std::optional<T>> pop() {
        while (items_.empty() && !closed_)
            co_await wakeup_.wait();
        co_return try_pop();
    }

    /// No more values; the consumer gets the rest, then nothing. Idempotent.
    void close() {
        closed_ = true;
        wakeup_.notify();
    }

private:
    std::size_t capacity_;
    bool closed_ = false;
    std::deque<T> items_;
    Wakeup wakeup_;
};

}  // namespace shadowcat::sdk::inline v1
