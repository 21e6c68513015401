// SPDX-License-Identifier: Apache-2.0
// What is left of several buffers of which the first bytes are written.
#pragma once

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace shadowcat::http {

/// Takes `count` bytes off the front; true when nothing is left.
inline bool take_front(std::span<boost::asio::const_buffer> parts, std::size_t count) noexcept {
    std::size_t left = 0;
    for (boost::asio::const_buffer& part : parts) {
        const std::size_t taken = std::min(count, part.size());
        part += taken;
        count -= taken;
        left += part.size();
    }
    return left == 0;
}

}  // namespace shadowcat::http
