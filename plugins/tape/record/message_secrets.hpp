// SPDX-License-Identifier: Apache-2.0
// for_each_secret: what MCP messages hold that must not be written down.
#pragma once

#include <functional>
#include <string_view>

namespace shadowcat::tape {

/// What is known about a message beside its text.
class MessageFacts {
public:
    MessageFacts() = default;

    bool from_client = true;
    std::string_view method;  ///< of a response: of the request that it answers; empty: unknown
};

/// Calls `visit` with JSON values within `text`: `requestState` of params and results; secret
/// members of `_meta`; URLs of URL elicitations, wherever they stand (requests, inputRequests,
/// error −32042); answers to forms (results of elicitations, inputResponses), for which `plain` is
/// true. Keys may be escaped, and members may be repeated: all are found.
void for_each_secret(std::string_view text, const MessageFacts& facts,
                     const std::function<void(std::string_view value, bool plain)>& visit);

}  // namespace shadowcat::tape
