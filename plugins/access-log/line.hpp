// SPDX-License-Identifier: Apache-2.0
// Line: one line in the making, on the caller's stack.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace shadowcat::access_log {

/// Appends without allocating. Who calls keeps to bounds whose sum is below `kCapacity`; what is
/// beyond it is left out.
class Line {
public:
    static constexpr std::size_t kCapacity = 12 * 1024;

    std::string_view view() const noexcept { return {bytes_.data(), size_}; }

    /// `text` as it is.
    void raw(std::string_view text) noexcept;

    void number(std::int64_t value) noexcept;

    /// `value`, with zeros in front of it up to `width` digits.
    void padded(unsigned value, unsigned width) noexcept;

    /// A JSON string of at most the first `max_bytes` of `text`, cut between characters and marked
    /// with "…". Control characters are escaped, what is no UTF-8 becomes U+FFFD: a stranger's text
    /// can neither forge a line nor move the cursor of a terminal.
    void quoted(std::string_view text, std::size_t max_bytes) noexcept;

private:
    void escaped(std::string_view text) noexcept;
    void escape(unsigned code) noexcept;

    std::size_t size_ = 0;
    std::array<char, kCapacity> bytes_;  // not initialised: 12 KiB for each request
};

}  // namespace shadowcat::access_log
