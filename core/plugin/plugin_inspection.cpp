// SPDX-License-Identifier: Apache-2.0
// Reads a plugin's descriptor, and its parts where calling it is safe.
#include "core/plugin/plugin_inspection.hpp"

#include "core/plugin/descriptor_check.hpp"

namespace shadowcat::core {

sdk::Result<PluginInspection> inspect_plugin(const std::filesystem::path& file) {
    const std::filesystem::path path = std::filesystem::absolute(file).lexically_normal();
    const auto descriptor = open_plugin(path);
    if (!descriptor) return descriptor.error();
    PluginInspection inspection{PluginInfo(**descriptor, path)};
    if (auto checked = check_descriptor_content(**descriptor, path); !checked) {
        inspection.problem = checked.error();
        return inspection;
    }
    auto parts = collect_parts(**descriptor);
    if (parts) {
        inspection.parts = std::move(*parts);
    } else {
        inspection.problem = parts.error();
    }
    return inspection;
}

}  // namespace shadowcat::core
