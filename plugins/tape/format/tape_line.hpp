// SPDX-License-Identifier: Apache-2.0
// TapeLine: one line of a tape as readers see it. docs/tape-format.md describes the format.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/message.hpp"

#include <cstdint>
#include <string>

namespace shadowcat::tape {

/// What the first line of a tape says.
class TapeInit {
public:
    std::string version;     ///< of the format: `3.0`
    std::string tape_id;     ///< UUIDv4
    std::string session;     ///< the session's label
    std::string created_at;  ///< ISO 8601, UTC, milliseconds
    std::string revision;    ///< empty: none negotiated yet when the tape began
    sdk::Era era = sdk::Era::session;
    std::string upstream;
    bool redacted = true;         ///< secrets were replaced when it was written
    std::uint64_t part = 1;       ///< of a tape that was rotated
    std::uint64_t first_seq = 0;  ///< sequence number of its first frame
};

class TapeLine {
public:
    enum class Kind : std::uint8_t {
        frame,        ///< a message
        event,        ///< something else on the wire
        correlation,  ///< a request and its response
        checkpoint,
        gap,     ///< messages were lost here: `fields["dropped"]`
        end,     ///< the session ended: `fields["reason"]`
        unknown  ///< a type of a later version
    };

    Kind kind = Kind::unknown;
    double ts_ms = 0;  ///< since the tape began

    // Of frames only.
    std::uint64_t seq = 0;
    sdk::Direction direction = sdk::Direction::client_to_server;
    sdk::MessageKind message_kind = sdk::MessageKind::notification;
    std::string method;          ///< of a response: of the request it answers, if that is known
    std::string name;            ///< tool, prompt or URI
    std::string id;              ///< JSON text; empty when there is none
    std::string message;         ///< the message's JSON text, byte by byte as it was recorded
    std::uint64_t exchange = 0;  ///< the client request that it belongs to; 0: none
    std::uint64_t stream = 0;    ///< the HTTP exchange that carried it; 0: none
    std::string revision;
    bool redacted = false;  ///< something in this message was replaced

    /// All members of the line except a frame's message.
    sdk::Json fields;

    std::uint64_t line_number = 0;  ///< from 1
    std::uint64_t offset = 0;       ///< of its first byte in the file
};

}  // namespace shadowcat::tape
