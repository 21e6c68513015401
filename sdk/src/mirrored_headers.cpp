// SPDX-License-Identifier: Apache-2.0
// Values between headers and bodies: the Base64 sentinel, and what Mcp-Name mirrors.
#include "shadowcat/sdk/mirrored_headers.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <openssl/evp.h>
#include <simdjson.h>

#include <algorithm>

namespace shadowcat::sdk::inline v1 {

namespace {

constexpr std::string_view kWrapBegin = "=?base64?";
constexpr std::string_view kWrapEnd = "?=";

bool is_printable(char c) { return c >= 0x20 && c < 0x7F; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_wrapped(std::string_view text) {
    return text.size() >= kWrapBegin.size() + kWrapEnd.size() && text.starts_with(kWrapBegin) &&
           text.ends_with(kWrapEnd);
}

bool needs_wrapping(std::string_view value) {
    if (value.empty()) return false;
    if (is_blank(value.front()) || is_blank(value.back())) return true;
    // Begin and end may share a character: nobody shall take that for a wrapped value.
    if (value.starts_with(kWrapBegin) && value.ends_with(kWrapEnd)) return true;
    return !std::ranges::all_of(value, is_printable);
}

std::string to_base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

bool is_base64_digit(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/// Strict about alphabet and padding, unlike OpenSSL, which skips blanks.
std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    const std::size_t digits = text.find_last_not_of('=') + 1;
    const std::size_t padding = text.size() - digits;
    if (padding > 2 || !std::ranges::all_of(text.substr(0, digits), is_base64_digit)) return {};
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0) return std::nullopt;
    bytes.resize(bytes.size() - padding);
    return bytes;
}

/// The string member `key` of a request's params, or none. A view into the request where the text
/// allows it; one that has escapes lives until the next such call on this thread.
std::optional<std::string_view> string_param(const Message& request, std::string_view key) {
    const std::string_view token = json::member(request.params(), key);
    if (!json::is_string(token)) return std::nullopt;
    if (token.find('\\') == std::string_view::npos) return token.substr(1, token.size() - 2);
    thread_local std::string unescaped;
    unescaped = json::unquote(token);
    return unescaped;
}

}  // namespace

std::string encode_mirrored(std::string_view value) {
    if (!needs_wrapping(value)) return std::string(value);
    return std::string(kWrapBegin).append(to_base64(value)).append(kWrapEnd);
}

std::optional<std::string> decode_mirrored(std::string_view header) {
    const auto may_stand = [](char c) { return is_printable(c) || c == '\t'; };
    if (!std::ranges::all_of(header, may_stand)) return std::nullopt;
    if (!is_wrapped(header)) return std::string(header);
    header.remove_prefix(kWrapBegin.size());
    header.remove_suffix(kWrapEnd.size());
    auto value = from_base64(header);
    if (value && !simdjson::validate_utf8(value->data(), value->size())) return std::nullopt;
    return value;
}

std::optional<std::string_view> mirrored_name(const Message& request) {
    const std::string_view method = request.method();
    if (method == "tools/call" || method == "prompts/get") return string_param(request, "name");
    if (method == "resources/read") return string_param(request, "uri");
    const bool task = method == "tasks/get" || method == "tasks/update" || method == "tasks/cancel";
    return task ? string_param(request, "taskId") : std::nullopt;
}

}  // namespace shadowcat::sdk::inline v1
