// SPDX-License-Identifier: Apache-2.0
// The limits of an exchange's time.
#include "core/exchange/exchange_times.hpp"

#include <chrono>

namespace shadowcat::core {

namespace {

std::string quoted(std::string_view method) { return "'" + std::string(method) + "'"; }
std::string in_seconds(std::chrono::seconds limit) { return std::to_string(limit.count()) + " s"; }

}  // namespace

std::optional<std::string> ExchangeTimes::overdue(sdk::TimePoint now,
                                                  const SessionSettings& settings,
                                                  std::string_view method,
                                                  bool client_owes_answer) {
    const auto over = [now](sdk::TimePoint since, std::chrono::seconds limit) {
        return limit.count() > 0 && now - since >= limit;
    };
    if (over(begun_, settings.total_timeout)) {
        return quoted(method) + " took longer than " + in_seconds(settings.total_timeout);
    }
    if (held_ > 0) return std::nullopt;
    if (waiting_since_ && over(*waiting_since_, settings.first_byte_timeout)) {
        return "not a word about " + quoted(method) + " within " +
               in_seconds(settings.first_byte_timeout);
    }
    if (client_owes_answer) {
        client_slow_ = over(last_sign_, settings.human_timeout);
        if (!client_slow_) return std::nullopt;
        return "no answer of the client to what " + quoted(method) + " asked within " +
               in_seconds(settings.human_timeout);
    }
    if (!over(last_sign_, settings.request_timeout)) return std::nullopt;
    return "no answer to " + quoted(method) + " within " + in_seconds(settings.request_timeout);
}

}  // namespace shadowcat::core
