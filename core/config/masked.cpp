// SPDX-License-Identifier: Apache-2.0
// Walks value and schema side by side.
#include "core/config/masked.hpp"

namespace shadowcat::core {

namespace {

using sdk::ConfigField;
using sdk::Json;

constexpr const char* kMask = "***";

Json without_credentials(const std::string& text) {
    const std::size_t scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    const std::size_t host = scheme + 3;
    const std::size_t at = text.find('@', host);
    if (at == std::string::npos || text.find('/', host) < at) return text;
    return text.substr(0, host) + kMask + text.substr(at);
}

Json hidden(const Json& value) {
    if (!value.is_object()) return kMask;
    Json shown = Json::object();
    for (const auto& [key, each] : value.items())
        shown[key] = kMask;
    return shown;
}

Json shown_list(const Json& value, const ConfigField& field) {
    Json list = Json::array();
    for (const Json& each : value) {
        const bool of_objects = field.type() == ConfigField::Type::object_list && each.is_object();
        if (of_objects) {
            list.push_back(masked(each, *field.nested()));
        } else {
            list.push_back(each.is_string() ? without_credentials(each.get<std::string>()) : each);
        }
    }
    return list;
}

Json shown_field(const Json& value, const ConfigField& field) {
    if (field.is_secret()) return hidden(value);
    if (field.type() == ConfigField::Type::object && value.is_object()) {
        return masked(value, *field.nested());
    }
    if (value.is_array()) return shown_list(value, field);
    return value.is_string() ? without_credentials(value.get<std::string>()) : value;
}

}  // namespace

Json masked(const Json& value, const sdk::Schema& schema) {
    if (!value.is_object()) return value;
    Json shown = Json::object();
    for (const auto& [key, each] : value.items()) {
        const ConfigField* field = schema.find(key);
        shown[key] = field != nullptr ? shown_field(each, *field) : hidden(each);
    }
    return shown;
}

}  // namespace shadowcat::core
