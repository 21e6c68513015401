// SPDX-License-Identifier: Apache-2.0
// The words that stand on tapes for the SDK's enumerations.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "format/tape_line.hpp"

#include <optional>
#include <string_view>

namespace shadowcat::tape {

std::string_view name_of(sdk::Direction direction) noexcept;
std::string_view name_of(sdk::MessageKind kind) noexcept;
std::string_view name_of(sdk::Era era) noexcept;
std::string_view name_of(sdk::Hop hop) noexcept;
std::string_view name_of(sdk::TransportEvent::Kind kind) noexcept;
std::string_view name_of(TapeLine::Kind kind) noexcept;

std::optional<sdk::Direction> direction_of(std::string_view name) noexcept;
std::optional<sdk::MessageKind> message_kind_of(std::string_view name) noexcept;
std::optional<sdk::Era> era_named(std::string_view name) noexcept;
TapeLine::Kind line_kind_of(std::string_view type) noexcept;

}  // namespace shadowcat::tape
