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

/// Whether a request may be sent again although the server may have received it (duties B.15).
enum class Retry : std::uint8_t {
    never,         ///< may do something twice
    read,          ///< reads, or does the same however often
    by_annotation  ///< as the tool's annotations say, if they are trusted
};

/// What an answered request may leave in the server that a fresh server would not know.
enum class Leaves : std::uint8_t {
    nothing,
    remembered,     ///< the proxy remembers it and can repeat it
    by_annotation,  ///< as the tool's annotations say, if they are trusted
    something
};

/// In which eras a client may send it (duties A.2).
enum class SpokenIn : std::uint8_t { neither, sessions, stateless, both };

class Method {
public:
    std::string_view name;
    ClientCapability needs = ClientCapability::none;
    WhenShared when_shared = WhenShared::forward;
    Retry retry = Retry::never;
    Leaves leaves = Leaves::something;
    SpokenIn spoken = SpokenIn::neither;

    /// Answered when the client has had enough of it, so that no time limit applies.
    bool endless() const noexcept { return name == "subscriptions/listen"; }

    bool in_sessions() const noexcept {
        return spoken == SpokenIn::sessions || spoken == SpokenIn::both;
    }
    bool in_stateless() const noexcept {
        return spoken == SpokenIn::stateless || spoken == SpokenIn::both;
    }
};

/// The known methods, those of all session-era revisions and the newer ones that B.15 names; the
/// last entry, without a name, stands for others.
std::span<const Method> methods() noexcept;

/// The index in `methods()`; for unknown names that of the last entry.
std::size_t method_index(std::string_view name) noexcept;

inline const Method& method(std::string_view name) noexcept {
    return methods()[method_index(name)];
}

/// The index in `methods()` of one of them.
inline std::size_t index_of(const Method& method) noexcept {
    return static_cast<std::size_t>(&method - methods().data());
}

}  // namespace shadowcat::core::mcp
