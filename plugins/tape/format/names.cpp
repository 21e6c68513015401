// SPDX-License-Identifier: Apache-2.0
// Tables of words, in the order of their enumerations.
#include "format/names.hpp"

#include <array>
#include <cstddef>

namespace shadowcat::tape {

namespace {

template <std::size_t N>
using Words = std::array<std::string_view, N>;

constexpr Words<2> kDirections = {"client_to_server", "server_to_client"};
constexpr Words<4> kMessageKinds = {"request", "notification", "result", "error"};
constexpr Words<2> kEras = {"session", "stateless"};
constexpr Words<2> kHops = {"downstream", "upstream"};
constexpr Words<9> kEvents = {"session_opened", "session_closed", "link_opened",
                              "link_closed",    "http_request",   "http_response",
                              "sse_event",      "stream_closed",  "stderr_line"};
constexpr Words<7> kLines = {"frame", "event", "correlation", "checkpoint", "gap", "end", ""};

template <class Enum, std::size_t N>
std::string_view word(const Words<N>& words, Enum value) noexcept {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? words[index] : std::string_view("unknown");
}

template <class Enum, std::size_t N>
std::optional<Enum> value(const Words<N>& words, std::string_view name) noexcept {
    for (std::size_t index = 0; index < N; ++index)
        if (words[index] == name) return static_cast<Enum>(index);
    return std::nullopt;
}

}  // namespace

std::string_view name_of(sdk::Direction direction) noexcept { return word(kDirections, direction); }
std::string_view name_of(sdk::MessageKind kind) noexcept { return word(kMessageKinds, kind); }
std::string_view name_of(sdk::Era era) noexcept { return word(kEras, era); }
std::string_view name_of(sdk::Hop hop) noexcept { return word(kHops, hop); }
std::string_view name_of(sdk::TransportEvent::Kind kind) noexcept { return word(kEvents, kind); }
std::string_view name_of(TapeLine::Kind kind) noexcept { return word(kLines, kind); }

std::optional<sdk::Direction> direction_of(std::string_view name) noexcept {
    return value<sdk::Direction>(kDirections, name);
}

std::optional<sdk::MessageKind> message_kind_of(std::string_view name) noexcept {
    return value<sdk::MessageKind>(kMessageKinds, name);
}

std::optional<sdk::Era> era_named(std::string_view name) noexcept {
    return value<sdk::Era>(kEras, name);
}

TapeLine::Kind line_kind_of(std::string_view type) noexcept {
    return type.empty() ? TapeLine::Kind::unknown
                        : value<TapeLine::Kind>(kLines, type).value_or(TapeLine::Kind::unknown);
}

}  // namespace shadowcat::tape
