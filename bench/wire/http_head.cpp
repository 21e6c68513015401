// SPDX-License-Identifier: Apache-2.0
// Parses the head of an HTTP/1.x message, as much of it as framing needs.
#include "http_head.hpp"

#include <algorithm>
#include <charconv>

namespace bench {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Calls `on_field(name, value)` until it answers true.
template <class OnField>
void each_field(std::string_view fields, OnField&& on_field) {
    while (!fields.empty()) {
        const std::size_t end = fields.find("\r\n");
        const std::string_view line = fields.substr(0, end);
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos &&
            on_field(line.substr(0, colon), trimmed(line.substr(colon + 1)))) {
            return;
        }
        if (end == std::string_view::npos) return;
        fields.remove_prefix(end + 2);
    }
}

void read_length(HttpHead& head, std::string_view value) {
    const char* const end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, head.content_length);
    head.has_length = true;
    head.valid = head.valid && error == std::errc() && at == end;
}

void read_connection(HttpHead& head, std::string_view value) {
    if (same_word(value, "close")) head.close = true;
    if (same_word(value, "keep-alive")) head.close = false;
}

}  // namespace

bool same_word(std::string_view left, std::string_view right) {
    return left.size() == right.size() &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view HttpHead::first_word() const { return start_line.substr(0, start_line.find(' ')); }

std::string_view HttpHead::second_word() const {
    const std::size_t begin = start_line.find(' ');
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = start_line.substr(begin + 1);
    return rest.substr(0, rest.find(' '));
}

int HttpHead::status() const {
    const std::string_view word = second_word();
    int status = 0;
    std::from_chars(word.data(), word.data() + word.size(), status);
    return status;
}

HttpHead parse_head(std::string_view text) {
    HttpHead head;
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return head;
    head.start_line = text.substr(0, end);
    head.fields = text.substr(end + 2, text.size() - end - 4);
    head.valid = head.start_line.find("HTTP/1.") != std::string_view::npos;
    head.close = head.start_line.find("HTTP/1.0") != std::string_view::npos;
    each_field(head.fields, [&](std::string_view name, std::string_view value) {
        if (same_word(name, "content-length")) read_length(head, value);
        if (same_word(name, "transfer-encoding")) head.chunked = same_word(value, "chunked");
        if (same_word(name, "connection")) read_connection(head, value);
        return false;
    });
    return head;
}

std::string_view header_of(std::string_view fields, std::string_view wanted) {
    std::string_view found;
    each_field(fields, [&](std::string_view name, std::string_view value) {
        if (!same_word(name, wanted)) return false;
        found = value;
        return true;
    });
    return found;
}

}  // namespace bench
