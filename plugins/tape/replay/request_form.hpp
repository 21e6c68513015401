// SPDX-License-Identifier: Apache-2.0
// What of a request decides whether it is the recorded one.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// How alike a request and the recorded one must be.
enum class MatchMode : std::uint8_t {
    normalised,  ///< the same method and parameters, however they are written
    strict       ///< parameters equal byte by byte, requests in the recorded order
};

/// The parameters as they count in `mode`: without `_meta` (tokens, versions, capabilities), and,
/// normalised, in one spelling and without what a person answered (`inputResponses`: only which
/// questions were answered). Of what opens a conversation (`opens_conversation`) nothing counts.
std::string request_form(const sdk::Message& request, MatchMode mode);

/// A number that requests of the same method and form share.
std::uint64_t request_key(std::string_view method, std::string_view form);

/// Whether clients and proxies ask this of any server, in words of their own: `initialize`,
/// `server/discover`, `ping`. Such a request matches by its method alone, in any order.
bool opens_conversation(std::string_view method) noexcept;

}  // namespace shadowcat::tape
