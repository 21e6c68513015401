// SPDX-License-Identifier: Apache-2.0
// NoiseLog: counts and logs what a server prints on stdout that is no message, without flooding.
#pragma once

#include "shadowcat/sdk/error.hpp"

#include <sys/types.h>

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::transport_stdio {

/// The beginning of a line, kept on the stack while the line itself is parsed and perhaps lost.
class Excerpt {
public:
    explicit Excerpt(std::string_view line) noexcept;

    /// With "…" where the line went on.
    std::string text() const;

private:
    static constexpr std::size_t kMaxBytes = 160;
    std::array<char, kMaxBytes> bytes_;
    std::size_t size_;
    bool cut_;
};

/// Lets through the first of something, then the 2nd, 4th, 8th … of it.
class Thinning {
public:
    bool passes() noexcept { return std::has_single_bit(++count_); }
    std::uint64_t count() const noexcept { return count_; }

private:
    std::uint64_t count_ = 0;
};

/// One per child.
class NoiseLog {
public:
    NoiseLog(std::string upstream, pid_t pid) : upstream_(std::move(upstream)), pid_(pid) {}

    /// `becomes`: skipped, or passed on.
    void not_a_message(const Excerpt& line, const sdk::Error& why, std::string_view becomes);
    void too_large(std::size_t limit);

private:
    std::string upstream_;
    pid_t pid_;
    Thinning noise_, oversized_;
};

}  // namespace shadowcat::transport_stdio
