// SPDX-License-Identifier: Apache-2.0
// The method table: what a proxy must know about each method, as data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace shadowcat::core::mcp {

/// What the client must have declared before a server may send it this request.
enum class ClientCapability : std::uint8_t { none, sampling, elicitation, roots };

/// What becomes of a client's message when its upstream is shared by several sessions.
enum class WhenShared : std::uint8_t {
    forward,      ///< harmless: passes
    answer,       ///< session state: the proxy answers
    subscribe,    ///< counted per session
    unsubscribe,  ///< counted per session
    swallow       ///< a notification about one client's state
};

class Method {
public:
    std::string_view name;
    ClientCapability needs = ClientCapability::none;
    WhenShared when_shared = WhenShared::forward;
};

/// The known methods of all session-era revisions; the last entry, without a name, stands for
/// others.
std::span<const Method> methods() noexcept;

/// The index in `methods()`; for unknown names that of the last entry.
std::size_t method_index(std::string_view name) noexcept;

inline const Method& method(std::string_view name) noexcept {
    return methods()[method_index(name)];
}

}  // namespace shadowcat::core::mcp
