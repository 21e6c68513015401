// SPDX-License-Identifier: Apache-2.0
// The keywords of JSON Schema 2020-12 that hold schemas, and the rules of x-mcp-header.
#include "header_annotations.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "header_name.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::sdk::inline v1 {

namespace {

constexpr std::string_view kAnnotation = "x-mcp-header";
constexpr std::size_t kDeepest = 256;

/// Their values are schemas, arrays of schemas, or either.
constexpr std::array<std::string_view, 16> kHoldSchemas = {
    "items",         "prefixItems",   "additionalItems",       "contains", "unevaluatedItems",
    "propertyNames", "contentSchema", "additionalProperties",  "oneOf",    "anyOf",
    "allOf",         "not",           "unevaluatedProperties", "if",       "then",
    "else"};

/// Their values are objects of schemas.
constexpr std::array<std::string_view, 5> kHoldNamedSchemas = {
    "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"};

bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    });
}

}  // namespace

Result<std::vector<HeaderAnnotation>> AnnotationReader::read(std::string_view schema) {
    AnnotationReader reader;
    const Json json = Json::parse(schema, nullptr, false);
    if (json.is_discarded()) reader.fail("the input schema is not JSON");
    reader.schema(json, true);
    if (!reader.problem_.empty()) return upstream_error(ErrorCode::protocol, reader.problem_);
    return std::move(reader.found_);
}

void AnnotationReader::schema(const Json& at, bool reachable) {
    if (!at.is_object() || !problem_.empty()) return;
    if (at.contains(kAnnotation)) annotation(at, reachable);
    if (path_.size() > kDeepest) return fail("the input schema is nested too deeply");
    for (const auto& [keyword, value] : at.items()) {
        if (keyword == "properties") {
            properties(value, reachable);
        } else {
            subschemas(keyword, value, false);
        }
    }
}

void AnnotationReader::properties(const Json& at, bool reachable) {
    if (!at.is_object()) return;
    for (const auto& [name, value] : at.items()) {
        path_.push_back(name);
        schema(value, reachable);
        path_.pop_back();
    }
}

void AnnotationReader::subschemas(const std::string& keyword, const Json& at, bool reachable) {
    path_.push_back(keyword);
    if (std::ranges::find(kHoldNamedSchemas, keyword) != kHoldNamedSchemas.end()) {
        properties(at, reachable);
    } else if (std::ranges::find(kHoldSchemas, keyword) != kHoldSchemas.end()) {
        if (!at.is_array()) schema(at, reachable);
        for (std::size_t i = 0; at.is_array() && i < at.size(); ++i)
            schema(at[i], reachable);
    }
    path_.pop_back();
}

void AnnotationReader::annotation(const Json& of, bool reachable) {
    const Json& name = of.at(kAnnotation);
    const Json& type = of.contains("type") ? of.at("type") : Json();
    if (path_.empty()) return fail("it marks the whole schema, not a property");
    if (!reachable) return fail("the property can't be reached through \"properties\" alone");
    if (!name.is_string()) return fail("it is not a string");
    HeaderAnnotation found;
    found.header = name.get<std::string>();
    found.path = path_;
    found.type = type.is_string() ? type.get<std::string>() : std::string();
    if (found.header.empty()) return fail("it is empty");
    if (!is_token(found.header)) return fail("it holds characters that header names can't");
    if (found.type != "string" && found.type != "integer" && found.type != "boolean") {
        return fail("the property's type is not string, integer or boolean");
    }
    const auto taken = [&](const HeaderAnnotation& other) {
        return same_header_name(other.header, found.header);
    };
    if (std::ranges::any_of(found_, taken)) return fail("another property has the same header");
    found_.push_back(std::move(found));
}

void AnnotationReader::fail(std::string_view why) {
    if (!problem_.empty()) return;
    std::string where;
    for (const std::string& key : path_)
        where.append(where.empty() ? "" : ".").append(key);
    if (where.size() > 200) where = where.substr(0, 200) + "…";
    problem_ = path_.empty() ? std::string(kAnnotation)
                             : std::string(kAnnotation) + " of " + quote_json(where);
    problem_.append(": ").append(why);
}

}  // namespace shadowcat::sdk::inline v1
