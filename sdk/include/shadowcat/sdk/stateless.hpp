// SPDX-License-Identifier: Apache-2.0
// What a listener checks of a request of the stateless era (2026-07-28), before any session or
// upstream.
#pragma once

#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/message.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// The two ways to speak MCP: in sessions that `initialize` opens (2024-11-05 to 2025-11-25), or
/// with version and capabilities in every request (2026-07-28).
enum class Era : std::uint8_t { session, stateless };

/// The headers of one HTTP request that mirror its body, each without surrounding white space; none
/// where it is absent. A header that must be single and stands twice was refused before.
class MirrorHeaders {
public:
    MirrorHeaders() = default;

    std::optional<std::string_view> version;  ///< `MCP-Protocol-Version`
    std::optional<std::string_view> method;   ///< `Mcp-Method`
    std::optional<std::string_view> name;     ///< `Mcp-Name`, still encoded
};

/// The era in which a message is meant: stateless if its `_meta` or its version header says so, a
/// session otherwise. `stateless` lists the revisions of that era that are served. For stdio,
/// `headers` is null. (Duties A.6, step 9; an `initialize` with `_meta` of the stateless era is
/// stateless, and unknown there.)
SHADOWCAT_API Era era_of(const Message& message, const MirrorHeaders* headers,
                         std::span<const std::string_view> stateless) noexcept;

/// Why a request can't be served: a JSON-RPC error, whose HTTP status is 400.
class StatelessRefusal {
public:
    StatelessRefusal(int with_code, std::string text, std::string with_data = {})
        : code(with_code), message(std::move(text)), data(std::move(with_data)) {}

    int code;             ///< −32602, −32020 or −32022
    std::string message;  ///< one sentence, naming the header or key
    std::string data;     ///< JSON text, or empty
};

/// Checks `request` against the rules of its revision and against the headers that mirror it, in
/// this order: `_meta` present with a protocol version and client capabilities of the right types
/// (−32602, unless its version header is missing too: −32020); version header present and equal
/// (−32020); version served (−32022, with `supported` and `requested`); `Mcp-Method` and, for the
/// three methods that have one (and `tasks/*`), `Mcp-Name` present, readable and equal (−32020).
/// Without `headers` (stdio) only what concerns the body. Notifications need no headers, but those
/// that are there must agree. MCP 2026-07-28, basic and basic/transports/streamable-http (duties
/// A.6, 10 a–d).
SHADOWCAT_API std::optional<StatelessRefusal> check_stateless(
    const Message& request, const MirrorHeaders* headers, std::span<const std::string_view> served);

}  // namespace shadowcat::sdk::inline v1
