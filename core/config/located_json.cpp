// SPDX-License-Identifier: Apache-2.0
// Finds places and original texts by key path.
#include "core/config/located_json.hpp"

namespace shadowcat::core {

namespace {

using Type = sdk::ConfigField::Type;

/// The path of the mapping or list that `path` lies in.
std::string parent_path(const std::string& path) {
    const std::size_t cut = path.find_last_of(".[");
    return cut == std::string::npos ? std::string() : path.substr(0, cut);
}

}  // namespace

const Origin& LocatedJson::origin(std::string path) const {
    static const Origin kNowhere;
    while (true) {
        if (const auto found = origins_.find(path); found != origins_.end()) return found->second;
        if (path.empty()) return kNowhere;
        path = parent_path(path);
    }
}

void LocatedJson::forget(const std::string& path) {
    std::erase_if(origins_, [&path](const auto& entry) { return entry.first.starts_with(path); });
    std::erase_if(texts_, [&path](const auto& entry) { return entry.first.starts_with(path); });
}

const std::string* LocatedJson::text(const std::string& path) const {
    const auto found = texts_.find(path);
    return found == texts_.end() ? nullptr : &found->second;
}

void LocatedJson::restore_text(const std::string& path, Json& value_at) const {
    if (!value_at.is_number() && !value_at.is_boolean()) return;
    if (const std::string* written = text(path)) value_at = *written;
}

void LocatedJson::restore_text(const sdk::ConfigField& field, const std::string& path,
                               Json& value_at) const {
    if (field.type() == Type::string) {
        restore_text(path, value_at);
    } else if (field.type() == Type::object) {
        restore_texts(*field.nested(), path, value_at);
    } else if (field.type() == Type::string_map && value_at.is_object()) {
        for (auto& [key, item] : value_at.items())
            restore_text(sdk::child_path(path, key), item);
    } else if (value_at.is_array()) {
        for (std::size_t i = 0; i < value_at.size(); ++i) {
            const std::string item = sdk::child_path(path, i);
            if (field.type() == Type::string_list) restore_text(item, value_at[i]);
            if (field.type() == Type::object_list)
                restore_texts(*field.nested(), item, value_at[i]);
        }
    }
}

void LocatedJson::restore_texts(const sdk::Schema& schema, const std::string& path,
                                Json& part) const {
    if (!part.is_object()) return;
    for (auto& [key, value_at] : part.items()) {
        const sdk::ConfigField* field = schema.find(key);
        if (field != nullptr) restore_text(*field, sdk::child_path(path, key), value_at);
    }
}

}  // namespace shadowcat::core
