// SPDX-License-Identifier: Apache-2.0
// Opens MCP sessions by initialize and its notification.
#include "session.hpp"

namespace bench {

SessionMode session_mode(const Options& options) {
    const std::string mode = options.text("--session", "auto");
    if (mode == "auto") return SessionMode::kAuto;
    if (mode == "each") return SessionMode::kEach;
    if (mode == "none") return SessionMode::kNone;
    throw UsageError("--session is auto, each or none, not \"" + mode + "\"");
}

void ask(Connection& connection, std::string_view text, Time deadline) {
    connection.start({text, {}, {}, {}});
    if (await_answer(connection, deadline) == Connection::State::kAnswered) return;
    throw std::runtime_error(connection.failure());
}

std::string session_of(const Connection& answered) {
    const HttpHead head = answered.head();
    if (head.status() != 200 || answered.body().find("\"protocolVersion\"") == std::string::npos) {
        throw std::runtime_error("initialize is answered with status " +
                                 std::to_string(head.status()) + ": " + excerpt(answered.body()));
    }
    const std::string_view id = header_of(head.fields, "mcp-session-id");
    return std::string(id.empty() ? kNoSessionId : id);
}

std::string open_session(Connection& connection, const Target& target, Time deadline) {
    ask(connection, target.post({}, kInitialize), deadline);
    const std::string session = session_of(connection);
    ask(connection, target.post(session, kInitialized), deadline);
    const int status = connection.head().status();
    if (status >= 200 && status < 300) return session;
    throw std::runtime_error("notifications/initialized is answered with status " +
                             std::to_string(status));
}

}  // namespace bench
