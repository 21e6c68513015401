// SPDX-License-Identifier: Apache-2.0
// The head of an HTTP/1.x message: what frames its body, and any header by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bench {

/// Views into the text that was parsed.
struct HttpHead {
    std::string_view start_line;
    std::string_view fields;  ///< The header lines, each with its line end.
    std::uint64_t content_length = 0;
    bool has_length = false;
    bool chunked = false;
    bool close = false;  ///< The sender closes, by header or by being HTTP/1.0.
    bool valid = false;

    /// The method of a request, `HTTP/1.1` of a response.
    std::string_view first_word() const;
    /// The target of a request, the status of a response.
    std::string_view second_word() const;
    int status() const;
};

/// `text` ends with the empty line.
HttpHead parse_head(std::string_view text);

/// The value of the first header of that name, in any case; empty when there is none.
std::string_view header_of(std::string_view fields, std::string_view name);

/// Whether two header names or tokens are the same but for their case.
bool same_word(std::string_view left, std::string_view right);

}  // namespace bench
