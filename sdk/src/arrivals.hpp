// SPDX-License-Identifier: Apache-2.0
// Arrivals: the messages that answer one call and that it has not taken yet.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <utility>

namespace shadowcat::sdk::inline v1 {

/// First in, first out. Mostly a call gets one message, and takes it at once: that one needs no
/// allocation.
class Arrivals {
public:
    bool empty() const { return !first_; }
    std::size_t size() const { return (first_ ? 1 : 0) + more_.size(); }

    void push(Message&& message) {
        if (first_) {
            more_.push_back(std::move(message));
        } else {
            first_.emplace(std::move(message));
        }
    }

    /// The oldest; only where there is one.
    Message pop() {
        Message oldest = *std::move(first_);
        first_.reset();
        if (!more_.empty()) {
            first_.emplace(std::move(more_.front()));
            more_.pop_front();
        }
        return oldest;
    }

    void clear() {
        first_.reset();
        more_.clear();
    }

private:
    std::optional<Message> first_;
    std::list<Message> more_;  // empty unless there is a first
};

}  // namespace shadowcat::sdk::inline v1
