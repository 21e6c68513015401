// SPDX-License-Identifier: Apache-2.0
// What the benchmark's servers read in an MCP message.
#pragma once

#include <cstdint>
#include <string_view>

namespace bench {

enum class MessageKind { kRequest, kNotification, kResponse, kInvalid, kBadJson };

/// Views into the message's own bytes; strings without their quotes, escapes as they are.
struct Request {
    MessageKind kind = MessageKind::kBadJson;
    std::string_view id;  ///< Any JSON, with its quotes.
    std::string_view method;
    std::string_view client_revision;    ///< `params.protocolVersion` of an initialize.
    std::string_view stateless_version;  ///< `_meta["io.modelcontextprotocol/protocolVersion"]`.
    std::string_view tool;
    std::string_view message;         ///< `arguments.message`.
    std::string_view progress_token;  ///< Any JSON, with its quotes.
    std::uint64_t steps = 0;          ///< `arguments.steps`.

    /// Of revision 2026-07-28, which has no sessions.
    bool is_stateless() const { return !stateless_version.empty() || method == "server/discover"; }
};

/// One pass over the text, which must outlive the result.
Request read_request(std::string_view text);

}  // namespace bench
