// SPDX-License-Identifier: Apache-2.0
// Entry: what a viewer is told of one message or event.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/interceptor.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace shadowcat::watch {

/// Texts are bounded, and not yet safe to print. A value: it crosses from workers to the thread
/// that writes, and as JSON from the proxy to `shadowcat watch`.
class Entry {
public:
    enum class Kind : std::uint8_t { request, notification, result, error, event };

    Kind kind = Kind::event;
    std::chrono::system_clock::time_point time;
    std::string session;
    std::string upstream;
    std::optional<sdk::Direction> direction;  ///< None: it is about no message.

    std::string method;  ///< Of a response its request's; empty where that isn't known.
    std::string name;    ///< Tool, prompt or resource; of what comes along with a request, its.
    std::string id;      ///< As it stands in the message.
    std::optional<sdk::Duration> elapsed;  ///< Since the request.
    std::uint64_t bytes = 0;

    std::int64_t error_code = 0;  ///< Of an error.
    bool tool_error = false;      ///< A result that says `isError`.
    bool by_proxy = false;        ///< The proxy or one of its rules made it, not the server.
    std::string level;            ///< Of a log message.
    std::string detail;           ///< What is worth telling of the content: "3/10 copying".
    std::string payload;          ///< The beginning of the message, if wanted.

    std::string event;        ///< Of an event: `session_opened`, `stderr`, …
    int status = 0;           ///< Of the event `http_status`.
    std::uint64_t count = 0;  ///< Of the event `dropped`.

    bool is_response() const noexcept { return kind == Kind::result || kind == Kind::error; }

    /// Whether something went wrong.
    bool is_failure() const noexcept {
        return kind == Kind::error || tool_error || status >= kFirstBadStatus;
    }

    static constexpr int kFirstBadStatus = 400;
};

/// Names of events, as viewers read them.
namespace events {
inline constexpr const char* kAttached = "attached";  ///< the first line that a viewer gets
inline constexpr const char* kDropped = "dropped";    ///< `count` entries are missing here
inline constexpr const char* kWaiting = "waiting";    ///< a request without an answer yet
inline constexpr const char* kSessionOpened = "session_opened";
inline constexpr const char* kSessionClosed = "session_closed";
inline constexpr const char* kLinkOpened = "link_opened";
inline constexpr const char* kLinkClosed = "link_closed";
inline constexpr const char* kHttpStatus = "http_status";
inline constexpr const char* kStderr = "stderr";
}  // namespace events

/// `entries` more are missing.
Entry dropped_entry(std::uint64_t entries);

/// Names of directions in JSON, configuration and on the command line.
inline constexpr const char* kClientToServer = "client_to_server";
inline constexpr const char* kServerToClient = "server_to_client";

/// The line of a viewer. Members that say nothing are left out.
sdk::Json to_json(const Entry& entry);

/// The other way round; what is missing or of a wrong type is as in an empty entry.
Entry entry_from(const sdk::Json& line);

}  // namespace shadowcat::watch
