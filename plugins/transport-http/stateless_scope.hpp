// SPDX-License-Identifier: Apache-2.0
// StatelessScope: which messages may stand in front of the response to one stateless request.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "call_names.hpp"

#include <cstddef>

namespace shadowcat::http {

/// Made of the request. MCP 2026-07-28, basic/transports/streamable-http, Receiving Messages: only
/// notifications that relate to the request, never a request; progress if it asked for it, log
/// messages if it named a level, changes if it listens to them.
class StatelessScope {
public:
    explicit StatelessScope(const Message& request);

    /// Whether `message`, no response, belongs to the request, which goes by `names`.
    bool admits(const Message& message, const CallNames& names) const;

private:
    bool admits_log(const Message& message) const;

    std::size_t least_level_;  // of log messages
    bool is_listen_;
};

}  // namespace shadowcat::http
