// SPDX-License-Identifier: Apache-2.0
// The thread's simdjson parser, kept small between large messages.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// simdjson's buffers grow with the largest text; after some small ones in a row they are given
/// back.
class JsonParser {
public:
    static JsonParser& of_this_thread() {
        [[gnu::tls_model("initial-exec")]] thread_local JsonParser parser;
        return parser;
    }

    /// Validates `text` (readable for `SIMDJSON_PADDING` bytes beyond its end).
    simdjson::error_code validate(std::string_view text, std::size_t max_depth) {
        if (const auto failed = fit(text.size(), max_depth)) return failed;
        return parser_.parse(text.data(), text.size(), false).error();
    }

    /// The structural index of the text validated last.
    const std::uint32_t* structurals() const {
        return parser_.implementation->structural_indexes.get();
    }
    std::size_t structural_count() const { return parser_.implementation->n_structural_indexes; }

private:
    static constexpr std::size_t kSmall = 64 * 1024;
    static constexpr int kSmallInARow = 64;

    simdjson::error_code fit(std::size_t size, std::size_t max_depth) {
        small_in_a_row_ = size > kSmall ? 0 : small_in_a_row_ + 1;
        const bool shrink = parser_.capacity() > 2 * kSmall && small_in_a_row_ > kSmallInARow;
        const bool fits = size <= parser_.capacity() && max_depth == parser_.max_depth() && !shrink;
        if (fits) return simdjson::SUCCESS;
        return parser_.allocate(size > kSmall ? size : kSmall, max_depth);
    }

    simdjson::dom::parser parser_;
    int small_in_a_row_ = 0;
};

}  // namespace shadowcat::sdk::inline v1
