// SPDX-License-Identifier: Apache-2.0
// What a live answer is worth, compared with the recorded one.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "format/ignored.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::tape {

/// How one exchange went.
class Judgement {
public:
    enum class Kind : std::uint8_t { ok, differs, skipped, no_answer };

    Judgement() = default;
    Judgement(Kind what, std::string text) : kind(what) {
        if (!text.empty()) lines.push_back(std::move(text));
    }

    Kind kind = Kind::ok;
    std::vector<std::string> lines;  ///< the differences, or the one reason; safe to print
    double ms = 0;                   ///< until the live answer
};

/// Compares two responses: result with result, error with error, without ids and without what is
/// different each time (times, UUIDs, cursors, request states, what was redacted). Pointers begin
/// with `/result` or `/error`.
Judgement judge(const sdk::Message& recorded, const sdk::Message& live, const Ignored& ignored);

/// `ok`, `differs`, …
std::string_view name(Judgement::Kind kind) noexcept;

}  // namespace shadowcat::tape
