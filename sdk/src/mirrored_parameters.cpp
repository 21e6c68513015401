// SPDX-License-Identifier: Apache-2.0
// Mcp-Param-* headers: made of a call's arguments, and compared with them.
#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/mirrored_headers.hpp"

#include "header_annotations.hpp"
#include "header_name.hpp"
#include "json_integer.hpp"

#include <algorithm>

namespace shadowcat::sdk::inline v1 {

namespace {

std::string_view value_at(std::string_view arguments, const std::vector<std::string>& path) {
    for (const std::string& key : path)
        arguments = json::member(arguments, key);
    return arguments;
}

/// What a value is in a header; none for what has no header: null, objects, arrays, nothing.
std::optional<std::string> plain(std::string_view value) {
    if (json::is_string(value)) return json::unquote(value);
    const bool nothing = value.empty() || value == "null";
    if (nothing || json::is_object(value) || json::is_array(value)) return std::nullopt;
    if (value == "true" || value == "false") return std::string(value);
    return canonical_integer(value).value_or(std::string(value));
}

bool is_number(std::string_view value) {
    return value.front() == '-' || (value.front() >= '0' && value.front() <= '9');
}

/// Why `sent`, the values of all headers of one name, doesn't mirror `value`; empty if it does.
std::string_view disagreement(std::string_view value, bool by_number,
                              const std::vector<std::string_view>& sent) {
    const auto expected = plain(value);
    if (sent.size() > 1) return "stands there more than once";
    if (sent.empty()) return expected ? "is missing" : "";
    if (!expected) return "has no value in the arguments to mirror";
    const auto said = decode_mirrored(sent.front());
    if (!said) return "can't be decoded";
    const bool same =
        by_number && is_number(value) ? canonical_integer(*said) == expected : *said == *expected;
    return same || *said == value ? "" : "differs from the arguments";
}

}  // namespace

Result<MirroredParameters> MirroredParameters::read(std::string_view input_schema) {
    MirroredParameters parameters;
    if (input_schema.find("x-mcp-header") == std::string_view::npos &&
        input_schema.find("\\u") == std::string_view::npos) {
        return parameters;  // the usual tool marks nothing
    }
    auto annotations = AnnotationReader::read(input_schema);
    if (annotations.has_error()) return annotations.error();
    for (HeaderAnnotation& each : *annotations) {
        Parameter parameter;
        parameter.header = std::move(each.header);
        parameter.path = std::move(each.path);
        if (each.type == "integer") parameter.type = Type::integer;
        if (each.type == "boolean") parameter.type = Type::boolean;
        parameters.parameters_.push_back(std::move(parameter));
    }
    return parameters;
}

std::vector<MirroredHeader> MirroredParameters::headers(std::string_view arguments) const {
    std::vector<MirroredHeader> made;
    for (const Parameter& each : parameters_) {
        const auto value = plain(value_at(arguments, each.path));
        if (value) made.emplace_back(each.header, encode_mirrored(*value));
    }
    return made;
}

std::optional<std::string> MirroredParameters::mismatch(
    std::string_view arguments, std::span<const MirroredHeader> headers) const {
    for (const Parameter& each : parameters_) {
        std::vector<std::string_view> sent;
        for (const MirroredHeader& header : headers) {
            if (same_header_name(header.name, each.header)) sent.push_back(header.value);
        }
        const bool by_number = each.type == Type::integer;
        const auto why = disagreement(value_at(arguments, each.path), by_number, sent);
        if (!why.empty()) return "Mcp-Param-" + each.header + " " + std::string(why);
    }
    return std::nullopt;
}

}  // namespace shadowcat::sdk::inline v1
