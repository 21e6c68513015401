// SPDX-License-Identifier: Apache-2.0
// Names and helpers of Error.
#include "shadowcat/sdk/error.hpp"

#include <array>
#include <utility>

namespace shadowcat::sdk::inline v1 {

namespace {

constexpr std::array<std::string_view, 16> kCodeNames = {
    "internal",      "closed",   "cancelled", "timed_out",       "unreachable", "unavailable",
    "crashed",       "protocol", "parse",     "invalid_request", "too_large",   "unknown_session",
    "session_limit", "blocked",  "config",    "unsupported"};

}  // namespace

std::string_view name(ErrorCode code) noexcept {
    return kCodeNames[static_cast<std::size_t>(code)];
}

std::string_view name(ErrorSource source) noexcept {
    constexpr std::array<std::string_view, 3> names = {"internal", "downstream", "upstream"};
    return names[static_cast<std::size_t>(source)];
}

Error::Error() = default;

Error::Error(ErrorCode code, std::string message, ErrorSource source)
    : message_(std::move(message)), code_(code), source_(source) {}

Error& Error::mark_nothing_sent() noexcept {
    nothing_sent_ = true;
    return *this;
}

Error Error::within(std::string_view context) const {
    Error outer = *this;
    outer.message_ = std::string(context) + ": " + message_;
    return outer;
}

Error upstream_error(ErrorCode code, std::string message) {
    return Error(code, std::move(message), ErrorSource::upstream);
}

Error downstream_error(ErrorCode code, std::string message) {
    return Error(code, std::move(message), ErrorSource::downstream);
}

}  // namespace shadowcat::sdk::inline v1
