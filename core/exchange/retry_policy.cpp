// SPDX-License-Identifier: Apache-2.0
// The table of what may be repeated.
#include "core/exchange/retry_policy.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

using enum sdk::ErrorCode;

/// Waited in line in vain, or was refused for want of room: here it would only be refused again.
bool found_no_room(const sdk::Error& error) {
    return error.nothing_sent() && (error.code() == unavailable || error.code() == timed_out);
}

bool may_pass(const sdk::Error& error, bool elsewhere) {
    switch (error.code()) {
        case unreachable:
        case crashed:
        case closed:
        case unknown_session:
            return true;
        case unavailable:
        case timed_out:
            return found_no_room(error) ? elsewhere : error.code() == unavailable;
        default:
            return false;
    }
}

/// The server has not begun to do what was asked, or doing it twice does no harm.
bool harmless(const FailedAttempt& attempt, const sdk::Error& error) {
    if (error.nothing_sent() || error.code() == unknown_session) return true;
    return attempt.method == mcp::Retry::read ||
           (attempt.method == mcp::Retry::by_annotation && attempt.tool_repeatable);
}

/// Whether `text` has a member of that (quoted) name anywhere; finds it too often rather than not.
bool has_key(std::string_view text, std::string_view name) {
    for (auto at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const auto next = text.find_first_not_of(" \t\r\n", at + name.size());
        if (next != text.npos && text[next] == ':') return true;
    }
    return false;
}

}  // namespace

Advice advise(const FailedAttempt& attempt, const sdk::Error& error) noexcept {
    const bool wanted = !attempt.client_gone && !attempt.reply_begun;
    if (!wanted || attempt.attempts >= attempt.max_attempts) return Advice::give_up;
    if (error.source() == sdk::ErrorSource::downstream || !may_pass(error, attempt.elsewhere)) {
        return Advice::give_up;
    }
    if (attempt.continues_input || !harmless(attempt, error)) return Advice::unsafe;
    return Advice::again;
}

bool continues_input(std::string_view request) noexcept {
    return has_key(request, "\"requestState\"") || has_key(request, "\"inputResponses\"");
}

std::chrono::milliseconds pause_before_retry(const RetrySettings& settings, std::size_t attempts,
                                             double random) noexcept {
    auto pause = settings.min_backoff;
    for (std::size_t i = 1; i < attempts && pause < settings.max_backoff; ++i)
        pause *= 2;
    const double jittered = static_cast<double>(pause.count()) * (0.5 + random);
    return std::min(settings.max_backoff,
                    std::chrono::milliseconds(static_cast<std::int64_t>(jittered)));
}

CallVerdict judge(const sdk::Error& error) noexcept {
    if (error.source() == sdk::ErrorSource::downstream) return CallVerdict::neutral;
    switch (error.code()) {
        case unreachable:
        case crashed:
        case timed_out:
        case protocol:
            return CallVerdict::failure;
        case unavailable:  // its own word (503), unless we found no room for the call ourselves
            return error.nothing_sent() ? CallVerdict::neutral : CallVerdict::failure;
        default:
            return CallVerdict::neutral;
    }
}

}  // namespace shadowcat::core
