// SPDX-License-Identifier: Apache-2.0
// MCP sessions of the load generator, opened one after the other.
#pragma once

#include "connection.hpp"
#include "target.hpp"

#include <string>
#include <string_view>

namespace bench {

constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
    R"("capabilities":{},"clientInfo":{"name":"bench-load","version":"1"}}})";
constexpr std::string_view kInitialized =
    R"({"jsonrpc":"2.0","method":"notifications/initialized"})";

/// What stands for the session of a server that gives no session id: such requests carry the
/// agreed revision alone.
constexpr std::string_view kNoSessionId = "-";

/// Whether requests carry a session, and whose.
enum class SessionMode { kAuto, kEach, kNone };
SessionMode session_mode(const Options& options);

/// Opens a session; its id, or `kNoSessionId`. Throws what went wrong.
std::string open_session(Connection& connection, const Target& target, Time deadline);

/// The session that an initialize's answer opened; throws when it opened none.
std::string session_of(const Connection& answered);

/// Sends `text`, waits, and throws unless it was answered.
void ask(Connection& connection, std::string_view text, Time deadline);

}  // namespace bench
