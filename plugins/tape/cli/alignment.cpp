// SPDX-License-Identifier: Apache-2.0
// Greedy alignment with a window.
#include "cli/alignment.hpp"

#include <algorithm>

namespace shadowcat::tape {

void Alignment::advance(bool ended_a, bool ended_b) {
    while (!a_.empty() || !b_.empty()) {
        if (!a_.empty() && !b_.empty() && a_.front().key == b_.front().key) {
            sink_.pair(a_.front(), b_.front());
            a_.pop_front();
            b_.pop_front();
            continue;
        }
        const bool enough = (ended_a || !wants_a()) && (ended_b || !wants_b());
        if (!enough) return;
        resynchronise();
    }
}

/// Settles all before the nearest exchange that both have.
void Alignment::resynchronise() {
    const std::size_t size_a = std::min(a_.size(), kLookAhead);
    const std::size_t size_b = std::min(b_.size(), kLookAhead);
    for (std::size_t sum = 1; sum + 1 < size_a + size_b; ++sum) {
        const std::size_t first = sum < size_b ? 0 : sum - size_b + 1;
        for (std::size_t i = first; i <= sum && i < size_a; ++i) {
            if (a_[i].key == b_[sum - i].key) return settle(i, sum - i);
        }
    }
    settle(size_a, size_b);
}

void Alignment::settle(std::size_t count_a, std::size_t count_b) {
    std::vector<bool> taken_b(count_b, false);
    for (std::size_t i = 0; i < count_a; ++i) {
        if (!settle_by_label(i, taken_b)) keep_loose(loose_a_, std::move(a_[i]));
    }
    for (std::size_t i = 0; i < count_b; ++i) {
        if (!taken_b[i]) keep_loose(loose_b_, std::move(b_[i]));
    }
    a_.erase(a_.begin(), a_.begin() + static_cast<std::ptrdiff_t>(count_a));
    b_.erase(b_.begin(), b_.begin() + static_cast<std::ptrdiff_t>(count_b));
}

bool Alignment::settle_by_label(std::size_t index_a, std::vector<bool>& taken_b) {
    for (std::size_t i = 0; i < taken_b.size(); ++i) {
        if (taken_b[i] || b_[i].label != a_[index_a].label) continue;
        sink_.pair(a_[index_a], b_[i]);
        taken_b[i] = true;
        return true;
    }
    return false;
}

void Alignment::keep_loose(std::vector<TapeExchange>& loose, TapeExchange exchange) {
    if (loose.size() < kMaxLoose) {
        loose.push_back(std::move(exchange));
    } else if (&loose == &loose_a_) {
        sink_.only_a(exchange);
    } else {
        sink_.only_b(exchange);
    }
}

void Alignment::finish() {
    for (const TapeExchange& a : loose_a_) {
        const auto b = std::ranges::find(loose_b_, a.key, &TapeExchange::key);
        if (b == loose_b_.end()) {
            sink_.only_a(a);
        } else {
            sink_.moved(a, *b);
            loose_b_.erase(b);
        }
    }
    for (const TapeExchange& b : loose_b_)
        sink_.only_b(b);
    loose_a_.clear();
    loose_b_.clear();
}

}  // namespace shadowcat::tape
