// SPDX-License-Identifier: Apache-2.0
// Room in a body of known length, for what is read straight to its place.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Behind a body, so that the JSON parser needs no copy.
inline constexpr std::size_t kBodyPadding = 64;

/// How much of a body is made resident before its bytes are there.
inline constexpr std::size_t kBodyStep = std::size_t{256} * 1024;

/// Room for the next of `missing` bytes at the end of `body`, which will have `length`: it grows by
/// steps, and what is cleared is cleared once.
inline asio::mutable_buffer room_in_body(std::string& body, std::uint64_t length,
                                         std::uint64_t missing) {
    const auto begin = static_cast<std::size_t>(length - missing);
    if (body.size() <= begin) {
        body.resize(begin + static_cast<std::size_t>(std::min<std::uint64_t>(missing, kBodyStep)));
    }
    return {body.data() + begin, body.size() - begin};
}

}  // namespace shadowcat::http
