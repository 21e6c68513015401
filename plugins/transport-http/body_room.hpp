// SPDX-License-Identifier: Apache-2.0
// grow_body: room at the end of a body that is being read.
#pragma once

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace shadowcat::http {

/// How much of a large body is asked for at a time. What is asked for is written with zeros first,
/// so this is what the processor's cache takes easily.
inline constexpr std::uint64_t kBodyStep = std::uint64_t{128} * 1024;

/// Makes `body` longer, by at most `rest`; `begin` is where that begins.
inline boost::asio::mutable_buffer grow_body(std::string& body, std::size_t& begin,
                                             std::uint64_t rest) {
    begin = body.size();
    body.resize(begin + static_cast<std::size_t>(std::min(rest, kBodyStep)));
    return {body.data() + begin, body.size() - begin};
}

}  // namespace shadowcat::http
