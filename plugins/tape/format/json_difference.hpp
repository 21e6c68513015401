// SPDX-License-Identifier: Apache-2.0
// The structural difference of two JSON values.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "format/ignored.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

/// One place where two values differ. The values are kept as excerpts of their JSON text.
class Difference {
public:
    enum class Kind : std::uint8_t {
        missing,  ///< only the expected value has it
        added,    ///< only the actual value has it
        type,     ///< string, number, …: another type
        value,    ///< another value of the same type
        order     ///< an array with the same elements in another order
    };

    Difference(Kind what, std::string where, std::string expected_text, std::string actual_text)
        : kind(what),
          pointer(std::move(where)),
          expected(std::move(expected_text)),
          actual(std::move(actual_text)) {}

    Kind kind;
    std::string pointer;   ///< JSON pointer; with indices of the expected value where it has them
    std::string expected;  ///< JSON text, cut where it is long; empty when added
    std::string actual;    ///< likewise; empty when missing
};

/// `missing`, `added`, …
std::string_view name(Difference::Kind kind) noexcept;

/// How many differences `differences` gives at most when nothing else is said.
inline constexpr std::size_t kMaxDifferences = 100;

/// All places where the values differ, in the order of `expected`; at most `limit`. Elements of an
/// array that have a `name`, `uri`, `uriTemplate` or `id` are paired by it, others by their
/// position. Empty when the values are the same but for what is `ignored`. Order of members never
/// matters; `1` and `1.0` are the same.
std::vector<Difference> differences(const sdk::Json& expected, const sdk::Json& actual,
                                    const Ignored& ignored, std::size_t limit = kMaxDifferences);

/// One line for people, safe to print: `/result/content/0/text: "a" → "b"`.
std::string describe(const Difference& difference);

/// `text` as a value; empty when it is no JSON or nested deeper than values are compared.
std::optional<sdk::Json> parse_for_display(std::string_view text);

}  // namespace shadowcat::tape
