// SPDX-License-Identifier: Apache-2.0
// Small parts of JSON text, for lines that are put together from pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// Appends `text` as a JSON string. Bytes that are no UTF-8 become U+FFFD.
void append_quoted(std::string& out, std::string_view text);

/// What most texts are: ASCII that needs no escapes.
bool is_plain(std::string_view text) noexcept;

/// Writes milliseconds with three decimals at most, 24 characters at most, and gives their end.
char* print_milliseconds(char* to, double value) noexcept;

/// One JSON object on one line, member by member. Appends to a string that it refers to.
class ObjectText {
public:
    explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
    ObjectText(const ObjectText&) = delete;
    ObjectText& operator=(const ObjectText&) = delete;

    ObjectText& text(std::string_view key, std::string_view value);
    ObjectText& number(std::string_view key, std::uint64_t value);
    ObjectText& milliseconds(std::string_view key, double value);  ///< three decimals at most
    ObjectText& boolean(std::string_view key, bool value);
    ObjectText& json(std::string_view key, std::string_view value);

    /// As `text` and `number`, but nothing for what is empty or 0.
    ObjectText& text_if(std::string_view key, std::string_view value);
    ObjectText& number_if(std::string_view key, std::uint64_t value);

    void end() { out_ += '}'; }
    void end_line() { out_ += "}\n"; }

private:
    void member(std::string_view name, std::string_view value, std::size_t quotes);

    std::string& out_;
    bool first_ = true;
};

}  // namespace shadowcat::tape
