// SPDX-License-Identifier: Apache-2.0
// SpanQueue: where all workers leave spans for the exporter.
#pragma once

#include "span.hpp"

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace shadowcat::otlp {

/// A bounded queue. Thread-safe; the lock is held for moving spans only.
class SpanQueue {
public:
    explicit SpanQueue(std::size_t capacity) : capacity_(capacity) {}

    /// How many there are now; nothing, and the span is lost, when it is full.
    std::optional<std::size_t> push(Span&& span) {
        const std::lock_guard lock(mutex_);
        if (spans_.size() >= capacity_) return std::nullopt;
        spans_.push_back(std::move(span));
        return spans_.size();
    }

    /// Removes and returns the oldest, at most `most`.
    std::vector<Span> take(std::size_t most) {
        std::vector<Span> taken;
        taken.reserve(std::min(most, capacity_));
        const std::lock_guard lock(mutex_);
        for (; !spans_.empty() && taken.size() < most; spans_.pop_front())
            taken.push_back(std::move(spans_.front()));
        return taken;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return spans_.size();
    }

private:
    std::size_t capacity_;
    mutable std::mutex mutex_;
    std::deque<Span> spans_;
};

}  // namespace shadowcat::otlp
