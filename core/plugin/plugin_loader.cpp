// SPDX-License-Identifier: Apache-2.0
// The steps from a request to registered parts.
#include "core/plugin/plugin_loader.hpp"

#include "core/plugin/descriptor_check.hpp"
#include "core/plugin/plugin_file.hpp"
#include "core/runtime/program_pages.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

std::string text_of(const char* text) { return text != nullptr ? text : ""; }

}  // namespace

PluginInfo::PluginInfo(const shadowcat_plugin_descriptor& descriptor, std::filesystem::path file)
    : name(text_of(descriptor.name)),
      version(text_of(descriptor.version)),
      description(text_of(descriptor.description)),
      fingerprint(text_of(descriptor.fingerprint)),
      path(std::move(file)),
      build_id(read_build_id(path)) {}

PluginLoader::PluginLoader(PluginRegistry& registry, std::vector<std::filesystem::path> search_path)
    : registry_(registry), search_path_(std::move(search_path)) {
    for (auto& directory : search_path_) {
        directory = std::filesystem::absolute(directory).lexically_normal();
    }
}

sdk::Result<void> PluginLoader::load(const PluginRequest& request) {
    const auto file = locate_plugin(request, search_path_);
    if (!file) return file.error();
    if (auto checked = check_plugin_file(*file); !checked) return checked;
    if (auto checked = check_plugin_digest(*file, request.sha256); !checked) return checked;
    return load_file(*file);
}

sdk::Result<void> PluginLoader::load_file(const std::filesystem::path& file) {
    const auto descriptor = open_plugin(file);
    if (!descriptor) return descriptor.error();
    if (auto checked = check_descriptor_content(**descriptor, file); !checked) return checked;
    PluginInfo info(**descriptor, file);
    const auto twin = std::ranges::find(loaded_, info.name, &PluginInfo::name);
    if (twin != loaded_.end()) {
        return sdk::Error(sdk::ErrorCode::config, "plugin '" + info.name +
                                                      "' is already loaded from " +
                                                      twin->path.string() + ": list it only once");
    }
    auto parts = collect_parts(**descriptor);
    if (!parts) return parts.error();
    if (auto added = registry_.add(info.name, std::move(*parts)); !added) return added;
    loaded_.push_back(std::move(info));
    drop_program_pages_at(*descriptor);  // what loading has read: most plugins stay unused
    return {};
}

}  // namespace shadowcat::core
