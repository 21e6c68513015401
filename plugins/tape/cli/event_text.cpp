// SPDX-License-Identifier: Apache-2.0
// Words events.
#include "cli/event_text.hpp"

#include "format/safe_text.hpp"

namespace shadowcat::tape {

namespace {

void append_member(std::string& out, const sdk::Json& fields, const char* key,
                   const char* before = "") {
    const std::string text = text_member(fields, key);
    if (!text.empty()) out.append(" ").append(before).append(text);
}

void append_count(std::string& out, const sdk::Json& fields, const char* key, const char* before,
                  const char* after = "") {
    const std::uint64_t number = number_member(fields, key);
    if (number > 0) out.append(before).append(std::to_string(number)).append(after);
}

}  // namespace

std::string raw_member(const sdk::Json& fields, const char* key) {
    if (!fields.is_object()) return {};
    const auto found = fields.find(key);
    return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string text_member(const sdk::Json& fields, const char* key, std::size_t max_bytes) {
    return safe_text(raw_member(fields, key), max_bytes);
}

std::uint64_t number_member(const sdk::Json& fields, const char* key) {
    if (!fields.is_object()) return 0;
    const auto found = fields.find(key);
    return found != fields.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::string event_text(const sdk::Json& fields) {
    std::string out = text_member(fields, "event");
    append_member(out, fields, "hop");
    append_member(out, fields, "method");
    append_member(out, fields, "target");
    append_count(out, fields, "status", " ");
    append_member(out, fields, "event_name", "event: ");
    append_member(out, fields, "event_id", "id: ");
    append_count(out, fields, "retry", " retry: ");
    append_count(out, fields, "data_bytes", " ", " bytes");
    append_member(out, fields, "text");
    append_count(out, fields, "stream", " (stream ", ")");
    return out;
}

std::string gap_text(const sdk::Json& fields) {
    const std::uint64_t dropped = number_member(fields, "dropped");
    const std::string reason = text_member(fields, "reason");
    return "gap: " + std::to_string(dropped) + " lines were lost" +
           (reason.empty() ? "" : " (" + reason + ")");
}

}  // namespace shadowcat::tape
