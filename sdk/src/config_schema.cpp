// SPDX-License-Identifier: Apache-2.0
// Builds schemas.
#include "shadowcat/sdk/config.hpp"

#include <algorithm>

namespace shadowcat::sdk::inline v1 {

ConfigField::ConfigField(Type type, std::string name, std::string description)
    : type_(type), name_(std::move(name)), description_(std::move(description)) {}

ConfigField&& ConfigField::required() && {
    required_ = true;
    return std::move(*this);
}

ConfigField&& ConfigField::defaults_to(Json value) && {
    default_ = std::move(value);
    return std::move(*this);
}

ConfigField&& ConfigField::between(std::int64_t low, std::int64_t high) && {
    low_ = low;
    high_ = high;
    return std::move(*this);
}

ConfigField&& ConfigField::one_of(std::vector<std::string> choices) && {
    choices_ = std::move(choices);
    return std::move(*this);
}

ConfigField&& ConfigField::secret() && {
    secret_ = true;
    return std::move(*this);
}

ConfigField&& ConfigField::with(Schema nested) && {
    nested_ = std::make_shared<const Schema>(std::move(nested));
    return std::move(*this);
}

Schema& Schema::add(ConfigField field) {
    fields_.push_back(std::move(field));
    return *this;
}

const ConfigField* Schema::find(std::string_view name) const noexcept {
    const auto field = std::ranges::find(fields_, name, &ConfigField::name);
    return field == fields_.end() ? nullptr : &*field;
}

Schema& Schema::merge(const Schema& other) {
    for (const ConfigField& field : other.fields_) {
        if (!find(field.name())) fields_.push_back(field);
    }
    return *this;
}

using Type = ConfigField::Type;

ConfigField string(std::string name, std::string description) {
    return ConfigField(Type::string, std::move(name), std::move(description));
}
ConfigField integer(std::string name, std::string description) {
    return ConfigField(Type::integer, std::move(name), std::move(description));
}
ConfigField number(std::string name, std::string description) {
    return ConfigField(Type::number, std::move(name), std::move(description));
}
ConfigField boolean(std::string name, std::string description) {
    return ConfigField(Type::boolean, std::move(name), std::move(description));
}
ConfigField string_list(std::string name, std::string description) {
    return ConfigField(Type::string_list, std::move(name), std::move(description));
}
ConfigField string_map(std::string name, std::string description) {
    return ConfigField(Type::string_map, std::move(name), std::move(description));
}
ConfigField object(std::string name, std::string description, Schema nested) {
    return ConfigField(Type::object, std::move(name), std::move(description))
        .with(std::move(nested));
}
ConfigField object_list(std::string name, std::string description, Schema nested) {
    return ConfigField(Type::object_list, std::move(name), std::move(description))
        .with(std::move(nested));
}

std::string child_path(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

std::string child_path(const std::string& path, std::size_t index) {
    return path + "[" + std::to_string(index) + "]";
}

}  // namespace shadowcat::sdk::inline v1
