// SPDX-License-Identifier: Apache-2.0
// Checks a configuration value against its schema, collecting every error.
#include "shadowcat/sdk/config.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace shadowcat::sdk::inline v1 {

namespace {

using Type = ConfigField::Type;

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
        }
    }
    return row.back();
}

std::string suggestion(const Schema& schema, std::string_view key) {
    const ConfigField* nearest = nullptr;
    std::size_t distance = 4;
    for (const ConfigField& field : schema.fields()) {
        const std::size_t d = edit_distance(field.name(), key);
        if (d < distance) {
            distance = d;
            nearest = &field;
        }
    }
    return nearest ? "; did you mean '" + nearest->name() + "'?" : "";
}

std::string known_keys(const Schema& schema) {
    std::string list;
    for (const ConfigField& field : schema.fields()) {
        list += (list.empty() ? "" : ", ") + field.name();
    }
    return list;
}

/// A value as an error shows it; a secret never.
std::string shown(const Json& value, bool secret = false) {
    if (secret) return "a value that is not shown";
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > 40) text = text.substr(0, 37) + "...";
    return text;
}

class Validator {
public:
    explicit Validator(std::vector<ConfigError>& errors) : errors_(errors) {}

    Json object(const Schema& schema, const Json& value, const std::string& path) {
        if (!value.is_object() && !value.is_null()) {
            fail(path, "expected a mapping, found " + shown(value));
            return Json::object();
        }
        Json out = Json::object();
        refuse_unknown(schema, value, path);
        for (const ConfigField& field : schema.fields())
            take_field(field, value, path, out);
        return out;
    }

private:
    void fail(const std::string& path, std::string message) {
        errors_.emplace_back(path, std::move(message));
    }

    void refuse_unknown(const Schema& schema, const Json& value, const std::string& path) {
        for (const auto& [key, item] : value.items()) {
            if (schema.find(key)) continue;
            std::string hint = suggestion(schema, key);
            if (hint.empty()) hint = "; known keys: " + known_keys(schema);
            fail(child_path(path, key), "unknown key" + hint);
        }
    }

    void take_field(const ConfigField& field, const Json& value, const std::string& path,
                    Json& out) {
        const std::string where = child_path(path, field.name());
        const auto found = value.is_object() ? value.find(field.name()) : value.end();
        if (value.is_object() && found != value.end() && !found->is_null()) {
            out[field.name()] = check(field, *found, where);
        } else if (field.is_required()) {
            fail(where, "missing required key (" + field.description() + ")");
        } else if (field.default_value()) {
            out[field.name()] = *field.default_value();
        } else if (field.type() == Type::object) {
            fill_nested_defaults(field, where, out);
        }
    }

    // An absent object still has the defaults of its keys, unless one of them is required.
    void fill_nested_defaults(const ConfigField& field, const std::string& where, Json& out) {
        const auto& fields = field.nested()->fields();
        if (std::ranges::any_of(fields, &ConfigField::is_required)) return;
        Json defaults = object(*field.nested(), Json::object(), where);
        if (!defaults.empty()) out[field.name()] = std::move(defaults);
    }

    Json check(const ConfigField& field, const Json& value, const std::string& where) {
        switch (field.type()) {
            case Type::string:
                return check_string(field, value, where);
            case Type::integer:
                return check_integer(field, value, where);
            case Type::number:
                return check_number(field, value, where);
            case Type::boolean:
                return check_boolean(value, where);
            case Type::string_list:
                return check_string_list(field, value, where);
            case Type::string_map:
                return check_string_map(field, value, where);
            case Type::object:
                return object(*field.nested(), value, where);
            case Type::object_list:
                return check_object_list(field, value, where);
        }
        return value;
    }

    Json check_string(const ConfigField& field, const Json& value, const std::string& where) {
        if (value.is_number() || value.is_boolean())
            return check_string(field, value.dump(), where);
        if (!value.is_string()) {
            fail(where, "expected a string, found " + shown(value, field.is_secret()));
            return "";
        }
        const auto& choices = field.choices();
        if (!choices.empty() &&
            std::ranges::find(choices, value.get<std::string>()) == choices.end()) {
            std::string list;
            for (const auto& choice : choices)
                list += (list.empty() ? "" : ", ") + choice;
            fail(where, "expected one of " + list + ", found " + shown(value));
        }
        return value;
    }

    Json check_integer(const ConfigField& field, const Json& value, const std::string& where) {
        std::optional<std::int64_t> number;
        if (value.is_number_integer()) number = value.get<std::int64_t>();
        if (value.is_string()) number = parse_integer(value.get_ref<const std::string&>());
        if (!number) {
            fail(where, "expected a whole number, found " + shown(value));
            return 0;
        }
        check_bounds(field, *number, where, "a whole number");
        return *number;
    }

    static std::optional<std::int64_t> parse_integer(const std::string& text) {
        std::int64_t number = 0;
        const char* end = text.data() + text.size();
        const auto [stop, failed] = std::from_chars(text.data(), end, number);
        if (failed != std::errc() || stop != end) return std::nullopt;
        return number;
    }

    void check_bounds(const ConfigField& field, std::int64_t number, const std::string& where,
                      const std::string& what) {
        const bool low = field.low() && number < *field.low();
        const bool high = field.high() && number > *field.high();
        if (!low && !high) return;
        fail(where, "expected " + what + " from " + std::to_string(*field.low()) + " to " +
                        std::to_string(*field.high()) + ", found " + std::to_string(number));
    }

    Json check_number(const ConfigField& field, const Json& value, const std::string& where) {
        Json number = value;
        if (value.is_string()) number = Json::parse(value.get<std::string>(), nullptr, false);
        if (!number.is_number()) {
            fail(where, "expected a number, found " + shown(value));
            return 0;
        }
        const double real = number.get<double>();
        if ((field.low() && real < static_cast<double>(*field.low())) ||
            (field.high() && real > static_cast<double>(*field.high()))) {
            fail(where, "expected a number from " + std::to_string(*field.low()) + " to " +
                            std::to_string(*field.high()) + ", found " + shown(value));
        }
        return number;
    }

    Json check_boolean(const Json& value, const std::string& where) {
        if (value.is_boolean()) return value;
        if (value == "true") return true;
        if (value == "false") return false;
        fail(where, "expected true or false, found " + shown(value));
        return false;
    }

    Json check_string_list(const ConfigField& field, const Json& value, const std::string& where) {
        if (!value.is_array()) {
            fail(where, "expected a list of strings, found " + shown(value));
            return Json::array();
        }
        check_bounds(field, static_cast<std::int64_t>(value.size()), where, "a list with a length");
        Json out = Json::array();
        const ConfigField item(Type::string, field.name(), field.description());
        for (std::size_t i = 0; i < value.size(); ++i) {
            out.push_back(check_string(item, value[i], child_path(where, i)));
        }
        return out;
    }

    Json check_string_map(const ConfigField& field, const Json& value, const std::string& where) {
        if (!value.is_object()) {
            fail(where, "expected a mapping of strings, found " + shown(value, field.is_secret()));
            return Json::object();
        }
        Json out = Json::object();
        for (const auto& [key, item] : value.items()) {
            ConfigField entry(Type::string, key, "");
            if (field.is_secret()) entry = std::move(entry).secret();
            out[key] = check_string(entry, item, child_path(where, key));
        }
        return out;
    }

    Json check_object_list(const ConfigField& field, const Json& value, const std::string& where) {
        if (!value.is_array()) {
            fail(where, "expected a list, found " + shown(value));
            return Json::array();
        }
        check_bounds(field, static_cast<std::int64_t>(value.size()), where, "a list with a length");
        Json out = Json::array();
        for (std::size_t i = 0; i < value.size(); ++i) {
            out.push_back(object(*field.nested(), value[i], child_path(where, i)));
        }
        return out;
    }

    std::vector<ConfigError>& errors_;
};

}  // namespace

Json validate(const Schema& schema, const Json& value, const std::string& path,
              std::vector<ConfigError>& errors) {
    return Validator(errors).object(schema, value, path);
}

}  // namespace shadowcat::sdk::inline v1
