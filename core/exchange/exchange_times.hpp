// SPDX-License-Identifier: Apache-2.0
// ExchangeTimes: since when an exchange has been waiting, and for whom.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "core/session/session_settings.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::core {

/// A pure account of one exchange, by the worker's coarse clock; times are given.
class ExchangeTimes {
public:
    explicit ExchangeTimes(sdk::TimePoint now) noexcept : begun_(now), last_sign_(now) {}

    /// The request goes to the server, which hasn't said a word yet.
    void sent(sdk::TimePoint now) noexcept {
        last_sign_ = now;
        waiting_since_ = now;
    }
    void server_spoke(sdk::TimePoint now) noexcept {
        last_sign_ = now;
        waiting_since_.reset();
    }
    void attempt_over() noexcept { waiting_since_.reset(); }

    /// Something happened that shows the exchange to be alive.
    void sign_of_life(sdk::TimePoint now) noexcept { last_sign_ = now; }

    /// While interceptors hold a message of it, nobody else is silent: only its time in all goes
    /// on.
    void hold() noexcept { ++held_; }
    void go_on(sdk::TimePoint now) noexcept {
        --held_;
        last_sign_ = now;
    }

    /// Says which time of `method` has run out, if one has: until the first message, without a sign
    /// of life, in all.
    std::optional<std::string> overdue(sdk::TimePoint now, const SessionSettings& settings,
                                       std::string_view method, bool client_owes_answer);

    /// It was the client's answer that was waited for in vain.
    bool client_slow() const noexcept { return client_slow_; }

private:
    const sdk::TimePoint begun_;
    sdk::TimePoint last_sign_;
    std::optional<sdk::TimePoint> waiting_since_;
    std::size_t held_ = 0;  // messages that interceptors look at
    bool client_slow_ = false;
};

}  // namespace shadowcat::core
