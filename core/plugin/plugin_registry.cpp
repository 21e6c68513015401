// SPDX-License-Identifier: Apache-2.0
// Keeps the parts and words what is wrong with them.
#include "core/plugin/plugin_registry.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

sdk::Error config_error(std::string message) {
    return sdk::Error(sdk::ErrorCode::config, std::move(message));
}

std::string title(const Part& part) {
    std::string text = "the ";
    text += spoken(part.kind);
    return text + " '" + part.name + "'";
}

}  // namespace

std::string spoken(std::string_view kind) {
    std::string text(kind);
    std::ranges::replace(text, '_', ' ');
    return text;
}

sdk::Result<void> PluginRegistry::add(const std::string& plugin, std::vector<Part> parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Part& part = parts[i];
        part.plugin = plugin;
        if (part.name.empty()) {
            return config_error("plugin '" + plugin + "' registers a " + spoken(part.kind) +
                                " without a name");
        }
        const auto same = [&part](const Part& other) {
            return other.kind == part.kind && other.name == part.name;
        };
        if (std::any_of(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(i), same)) {
            return config_error("plugin '" + plugin + "' offers " + title(part) + " twice");
        }
        if (const Part* taken = find(part.kind, part.name)) {
            return config_error("plugins '" + taken->plugin + "' and '" + plugin + "' both offer " +
                                title(part) + ": load only one of them");
        }
    }
    std::ranges::move(parts, std::back_inserter(parts_));
    return {};
}

const Part* PluginRegistry::find(std::string_view kind, std::string_view name) const noexcept {
    const auto found = std::ranges::find_if(
        parts_, [kind, name](const Part& part) { return part.kind == kind && part.name == name; });
    return found == parts_.end() ? nullptr : &*found;
}

std::string PluginRegistry::names(std::string_view kind) const {
    std::vector<std::string> names;
    for (const Part& part : parts_) {
        if (part.kind == kind) names.push_back(part.name);
    }
    std::ranges::sort(names);
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

sdk::Error PluginRegistry::unknown_part(std::string_view kind, std::string_view name) const {
    const std::string offered = names(kind);
    std::string message = "no loaded plugin offers the ";
    message += spoken(kind);
    message += " '";
    message += name;
    message += offered.empty() ? "', nor any other; check plugins.load" : "'; offered: " + offered;
    return config_error(std::move(message));
}

sdk::Error PluginRegistry::create_failed(const Part& part, std::string_view why) {
    std::string message = title(part) + " of plugin '" + part.plugin + "' can't be made: ";
    message += why;
    return config_error(std::move(message));
}

}  // namespace shadowcat::core
