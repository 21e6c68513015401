// SPDX-License-Identifier: Apache-2.0
// Matcher: which recorded exchange answers a request.
#pragma once

#include "replay/recording.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace shadowcat::tape {

/// A recorded exchange that would have matched, had it not been for `difference`.
class NearMiss {
public:
    NearMiss(std::uint32_t which, std::size_t how_many, std::string where)
        : exchange(which), differences(how_many), difference(std::move(where)) {}

    std::uint32_t exchange;
    std::size_t differences;
    std::string difference;  ///< the first one, on one line and safe to print
};

/// One per link, so that each client session finds the tape at its beginning. Exchanges that were
/// recorded more than once are given in recorded order, the last one again and again; strict ones
/// once each, in recorded order.
class Matcher {
public:
    Matcher(std::shared_ptr<const Recording> recording, MatchMode mode)
        : recording_(std::move(recording)), mode_(mode) {}

    /// The exchange that answers `request`, which then counts as used.
    std::optional<std::uint32_t> take(const sdk::Message& request);

    /// Of the exchanges with the request's method, the one that differs least (in strict order: the
    /// one that is next, whatever its method). Looks at a bounded number of them. Empty when there
    /// is none.
    std::optional<NearMiss> nearest(const sdk::Message& request) const;

private:
    std::optional<std::uint32_t> take_by_key(std::uint64_t key);
    std::optional<std::uint32_t> take_next(const sdk::Message& request);
    std::optional<std::uint32_t> next_in_order() const;
    NearMiss compare(std::uint32_t exchange, const sdk::Message& request) const;

    std::shared_ptr<const Recording> recording_;
    MatchMode mode_;
    std::unordered_map<std::uint64_t, std::size_t> used_;  // by key: how many
    std::uint32_t next_ = 0;                               // in strict order
};

/// What a client is told whose `request` matches nothing: a JSON-RPC error that says what came
/// nearest. −32601 for a method that the tape doesn't have, −32602 otherwise.
sdk::Message no_match_error(const sdk::Message& request, const Recording& recording,
                            const std::optional<NearMiss>& nearest);

}  // namespace shadowcat::tape
