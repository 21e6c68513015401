// SPDX-License-Identifier: Apache-2.0
// OutgoingPost: a client's message as a POST to an MCP server over Streamable HTTP.
#pragma once

#include "format/tape_line.hpp"

#include <string>
#include <utility>
#include <vector>

namespace shadowcat::tape {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

class OutgoingPost {
public:
    /// With the headers that MCP wants for this message, but no session id.
    explicit OutgoingPost(const TapeLine& frame);

    std::string label;  ///< `tools/call echo`, safe to print
    HeaderList headers;
    std::string body;          ///< the message as it was recorded
    bool initialises = false;  ///< its answer names the session
    bool in_session = false;   ///< goes with the session's id
};

/// Whether an exported program sends this frame: the client's sound requests and notifications. Its
/// answers to a server's requests aren't: another run asks with other ids.
bool is_sent_again(const TapeLine& frame);

}  // namespace shadowcat::tape
