// SPDX-License-Identifier: Apache-2.0
// The names of the reasons.
#include "refusal.hpp"

#include <array>

namespace shadowcat::http {

namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Reason::count)> kNames = {
    "host",          "origin",           "plain_http",      "tls_handshake",
    "syntax",        "header_size",      "timeout",         "path",
    "method",        "content_type",     "accept",          "expectation",
    "body_size",     "message",          "session_missing", "session_unknown",
    "session_limit", "protocol_version", "header_mismatch", "stream_taken",
    "event_unknown", "stream_over",      "memory",          "connections",
    "internal"};
static_assert(!kNames.back().empty());

}  // namespace

std::string_view name(Reason reason) noexcept { return kNames[static_cast<std::size_t>(reason)]; }

}  // namespace shadowcat::http
