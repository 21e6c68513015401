// SPDX-License-Identifier: Apache-2.0
// What `shadowcat plugins inspect` tells about one file.
#pragma once

#include "core/plugin/plugin_loader.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace shadowcat::core {

/// A plugin as its file shows it. `problem` is set when the loader would refuse it; its parts are
/// then unknown, because none of its functions was called.
class PluginInspection {
public:
    explicit PluginInspection(PluginInfo plugin) : info(std::move(plugin)) {}

    PluginInfo info;
    std::vector<Part> parts;
    std::optional<sdk::Error> problem;
};

/// Opens `file` as the loader does (see `open_plugin`) and reads what it offers. Fails where there
/// is no descriptor that could be read.
sdk::Result<PluginInspection> inspect_plugin(const std::filesystem::path& file);

}  // namespace shadowcat::core
