// SPDX-License-Identifier: Apache-2.0
// Config schemas: what keys a part of the configuration has, checked before a plugin sees a value.
#pragma once

#include "shadowcat/sdk/export.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::sdk::inline v1 {

using Json = nlohmann::json;

class Schema;

/// One key of a `Schema`: its type, meaning, default and bounds. Built by the functions below:
/// `integer("port", "…").defaults_to(80).between(1, 65535)`.
class SHADOWCAT_API ConfigField {
public:
    enum class Type : std::uint8_t {
        string,
        integer,
        number,
        boolean,
        string_list,
        string_map,
        object,      ///< nested `Schema`
        object_list  ///< list of objects of one nested `Schema`
    };

    ConfigField(Type type, std::string name, std::string description);

    ConfigField&& required() &&;
    ConfigField&& defaults_to(Json value) &&;  ///< Filled in when absent.
    ConfigField&& between(std::int64_t low,
                          std::int64_t high) &&;  ///< Inclusive; for lists, of the size.
    ConfigField&& one_of(std::vector<std::string> choices) &&;  ///< Allowed strings.
    ConfigField&& secret() &&;                                  ///< Never shown in dumps and logs.
    ConfigField&& with(Schema nested) &&;                       ///< For `object` and `object_list`.

    const std::string& name() const noexcept { return name_; }
    const std::string& description() const noexcept { return description_; }
    Type type() const noexcept { return type_; }
    bool is_required() const noexcept { return required_; }
    bool is_secret() const noexcept { return secret_; }
    const std::optional<Json>& default_value() const noexcept { return default_; }
    const std::vector<std::string>& choices() const noexcept { return choices_; }
    std::optional<std::int64_t> low() const noexcept { return low_; }
    std::optional<std::int64_t> high() const noexcept { return high_; }
    const Schema* nested() const noexcept { return nested_.get(); }

private:
    Type type_;
    bool required_ = false;
    bool secret_ = false;
    std::string name_;
    std::string description_;
    std::optional<Json> default_;
    std::optional<std::int64_t> low_, high_;
    std::vector<std::string> choices_;
    std::shared_ptr<const Schema> nested_;  // shared: schemas are immutable and copied as values
};

/// The keys of one configuration object, in the order in which help shows them. Keys that are not
/// listed are errors.
class SHADOWCAT_API Schema {
public:
    Schema& add(ConfigField field);
    const std::vector<ConfigField>& fields() const noexcept { return fields_; }
    const ConfigField* find(std::string_view name) const noexcept;

    /// All keys of `other` too (of two that share a name the first added wins).
    Schema& merge(const Schema& other);

private:
    std::vector<ConfigField> fields_;
};

SHADOWCAT_API ConfigField string(std::string name, std::string description);
SHADOWCAT_API ConfigField integer(std::string name, std::string description);
SHADOWCAT_API ConfigField number(std::string name, std::string description);
SHADOWCAT_API ConfigField boolean(std::string name, std::string description);
SHADOWCAT_API ConfigField string_list(std::string name, std::string description);
SHADOWCAT_API ConfigField string_map(std::string name, std::string description);
SHADOWCAT_API ConfigField object(std::string name, std::string description, Schema nested);
SHADOWCAT_API ConfigField object_list(std::string name, std::string description, Schema nested);

/// One thing wrong with a value: where (`reverse_proxy.upstreams[0].url`) and what was expected.
class ConfigError {
public:
    ConfigError(std::string where, std::string what)
        : path(std::move(where)), message(std::move(what)) {}

    std::string path;
    std::string message;
};

/// Checks `value` against `schema`: unknown keys (with the nearest known one), missing keys, wrong
/// types, values out of bounds. Appends every error to `errors`, not only the first, with paths
/// below `path`. Returns the value with defaults filled in. Strings that read as integers, numbers
/// or booleans are accepted for such keys (values from the environment are strings).
SHADOWCAT_API Json validate(const Schema& schema, const Json& value, const std::string& path,
                            std::vector<ConfigError>& errors);

/// `path` extended by a key or an index, as used in errors.
SHADOWCAT_API std::string child_path(const std::string& path, std::string_view key);
SHADOWCAT_API std::string child_path(const std::string& path, std::size_t index);

}  // namespace shadowcat::sdk::inline v1
