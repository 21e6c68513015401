// SPDX-License-Identifier: Apache-2.0
// JSON by appending.
#include "attribute_writer.hpp"

#include "otlp_json.hpp"

#include <algorithm>

namespace shadowcat::otlp {

namespace {

bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\';
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
    if (!std::ranges::all_of(text, is_plain)) {
        out.append(json_text(sdk::Json(text)));
        return;
    }
    out.append("\"").append(text).append("\"");
}

void AttributeWriter::begin(std::string_view key, std::string_view type) {
    out_.append(first_ ? R"({"key":")" : R"(,{"key":")").append(key);
    out_.append(R"(","value":{")").append(type).append(R"(":)");
    first_ = false;
}

void AttributeWriter::text(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    begin(key, "stringValue");
    append_string(out_, value);
    out_.append("}}");
}

void AttributeWriter::number(std::string_view key, std::int64_t value) {
    begin(key, "intValue");
    out_.append("\"").append(number_text(value)).append("\"}}");
}

}  // namespace shadowcat::otlp
