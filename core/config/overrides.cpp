// SPDX-License-Identifier: Apache-2.0
// Walks to the key of an override, creating what is missing on the way.
#include "core/config/overrides.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace shadowcat::core {

namespace {

using Type = sdk::ConfigField::Type;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::optional<std::size_t> index_of(const std::string& key) {
    std::size_t index = 0;
    const char* end = key.data() + key.size();
    const auto [stop, failed] = std::from_chars(key.data(), end, index);
    if (key.empty() || failed != std::errc() || stop != end) return std::nullopt;
    return index;
}

class OverrideWalk {
public:
    OverrideWalk(const Override& override, const sdk::Schema& root, LocatedJson& config)
        : override_(override), config_(config), at_(&config.value), schema_(&root) {}

    /// Gives what is wrong, or nothing.
    std::optional<std::string> run() {
        for (const std::string& key : override_.keys) {
            const bool list = at_->is_array() || (at_->is_null() && described_as_list());
            if (auto problem = list ? enter_list(key) : enter_mapping(key)) return problem;
        }
        *at_ = override_.value;
        config_.locate(path_, override_.origin);
        return std::nullopt;
    }

private:
    bool described_as_list() const {
        return field_ != nullptr &&
               (field_->type() == Type::string_list || field_->type() == Type::object_list);
    }

    std::optional<std::string> enter_list(const std::string& key) {
        const std::optional<std::size_t> index = index_of(key);
        if (!index) return path_ + " is a list: expected an index, found '" + key + "'";
        if (at_->is_null()) *at_ = Json::array();
        const std::size_t size = at_->size();
        if (*index > size) {
            return path_ + " has " + std::to_string(size) + " entries: the next index is " +
                   std::to_string(size) + ", not " + key;
        }
        const bool of_objects = field_ != nullptr && field_->type() == Type::object_list;
        schema_ = of_objects ? field_->nested() : nullptr;
        field_ = nullptr;
        path_ = sdk::child_path(path_, *index);
        if (*index == size) {
            at_->push_back(nullptr);
            config_.locate(path_, override_.origin);
        }
        at_ = &(*at_)[*index];
        return std::nullopt;
    }

    std::optional<std::string> enter_mapping(const std::string& key) {
        if (at_->is_null()) *at_ = Json::object();
        if (!at_->is_object())
            return path_ + " is not a mapping: it can't have a key '" + key + "'";
        const std::string name = name_of(key);
        path_ = sdk::child_path(path_, name);
        if (!at_->contains(name)) config_.locate(path_, override_.origin);
        at_ = &(*at_)[name];
        field_ = schema_ != nullptr ? schema_->find(name) : nullptr;
        schema_ = field_ != nullptr && field_->type() == Type::object ? field_->nested() : nullptr;
        return std::nullopt;
    }

    // The spelling of the file, or else of the schema; keys of a free map keep the variable's.
    std::string name_of(const std::string& key) const {
        for (const auto& [known, value] : at_->items()) {
            if (lower(known) == lower(key)) return known;
        }
        if (schema_ != nullptr) {
            for (const sdk::ConfigField& field : schema_->fields()) {
                if (lower(field.name()) == lower(key)) return field.name();
            }
        }
        const bool free = field_ != nullptr && field_->type() == Type::string_map;
        return free ? key : lower(key);
    }

    const Override& override_;
    LocatedJson& config_;
    Json* at_;
    const sdk::Schema* schema_;                // of the mapping at `at_`, if known
    const sdk::ConfigField* field_ = nullptr;  // of the value at `at_`, if known
    std::string path_;
};

std::vector<std::string> split_keys(std::string_view text) {
    std::vector<std::string> keys;
    while (true) {
        const std::size_t end = text.find("__");
        keys.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return keys;
        text.remove_prefix(end + 2);
    }
}

// Indexes in their numeric order, so that a list can grow entry by entry.
bool before(const Override& a, const Override& b) {
    return std::ranges::lexicographical_compare(a.keys, b.keys,
                                                [](const std::string& x, const std::string& y) {
                                                    const auto i = index_of(x);
                                                    const auto j = index_of(y);
                                                    return i && j ? *i < *j : x < y;
                                                });
}

std::string section_names(const sdk::Schema& root) {
    std::string names;
    for (const sdk::ConfigField& field : root.fields()) {
        names += (names.empty() ? "" : ", ") + field.name();
    }
    return names;
}

}  // namespace

std::vector<Override> environment_overrides(const Environment& environment, const sdk::Schema& root,
                                            Diagnostics& diagnostics) {
    static constexpr std::string_view kPrefix = "SHADOWCAT_";
    std::vector<Override> overrides;
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(kPrefix)) continue;
        std::vector<std::string> keys = split_keys(std::string_view(name).substr(kPrefix.size()));
        keys.front() = lower(keys.front());
        const bool known = root.find(keys.front()) != nullptr;
        if (!known && keys.size() == 1) continue;
        if (!known) {
            diagnostics.emplace_back(
                Origin::environment(name), "",
                "overrides no section of the configuration; sections: " + section_names(root));
        } else if (std::ranges::find(keys, "") != keys.end()) {
            diagnostics.emplace_back(
                Origin::environment(name), "",
                "has an empty key; keys are joined by exactly two underscores");
        } else {
            overrides.emplace_back(Origin::environment(name), std::move(keys), value);
        }
    }
    std::ranges::stable_sort(overrides, before);
    return overrides;
}

void apply_override(const Override& override, const sdk::Schema& root, LocatedJson& config,
                    Diagnostics& diagnostics) {
    if (auto problem = OverrideWalk(override, root, config).run()) {
        diagnostics.emplace_back(override.origin, "", std::move(*problem));
    }
}

}  // namespace shadowcat::core
