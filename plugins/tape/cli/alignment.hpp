// SPDX-License-Identifier: Apache-2.0
// Alignment: which exchanges of two tapes belong together.
#pragma once

#include "cli/tape_exchange.hpp"

#include <cstddef>
#include <deque>
#include <vector>

namespace shadowcat::tape {

/// Takes what an alignment decides.
class AlignmentSink {
public:
    virtual ~AlignmentSink() = default;
    virtual void pair(const TapeExchange& a, const TapeExchange& b) = 0;
    virtual void only_a(const TapeExchange& a) = 0;
    virtual void only_b(const TapeExchange& b) = 0;

    /// The same on both, but not in the same order; also to be compared.
    virtual void moved(const TapeExchange& a, const TapeExchange& b) = 0;
};

/// Walks along two sequences. Where they differ it looks ahead for the next exchange that both
/// have; between, what has the same label is paired, the rest is only on one. Looks ahead
/// `kLookAhead` exchanges and remembers `kMaxLoose` that may turn up elsewhere.
class Alignment {
public:
    static constexpr std::size_t kLookAhead = 100;
    static constexpr std::size_t kMaxLoose = 200;

    explicit Alignment(AlignmentSink& sink) : sink_(sink) {}

    void push_a(TapeExchange exchange) { a_.push_back(std::move(exchange)); }
    void push_b(TapeExchange exchange) { b_.push_back(std::move(exchange)); }

    /// Whether more is needed of one before it can go on.
    bool wants_a() const noexcept { return a_.size() < kLookAhead; }
    bool wants_b() const noexcept { return b_.size() < kLookAhead; }

    /// Goes as far as it can. `ended_a`, `ended_b`: no more comes.
    void advance(bool ended_a, bool ended_b);

    /// After the last `advance`: says what is only on one.
    void finish();

private:
    using Window = std::deque<TapeExchange>;

    void resynchronise();
    void settle(std::size_t count_a, std::size_t count_b);
    bool settle_by_label(std::size_t index_a, std::vector<bool>& taken_b);
    void keep_loose(std::vector<TapeExchange>& loose, TapeExchange exchange);

    AlignmentSink& sink_;
    Window a_, b_;
    std::vector<TapeExchange> loose_a_, loose_b_;
};

}  // namespace shadowcat::tape
