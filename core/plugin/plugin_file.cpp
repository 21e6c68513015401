// SPDX-License-Identifier: Apache-2.0
// Finds plugin files and checks who may change them.
#include "core/plugin/plugin_file.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace shadowcat::core {

namespace {

sdk::Error config_error(std::string message) {
    return sdk::Error(sdk::ErrorCode::config, std::move(message));
}

bool is_file_name(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
}

std::string listed(const std::vector<std::filesystem::path>& directories) {
    std::string text;
    for (const auto& directory : directories) {
        text += (text.empty() ? "" : ", ") + directory.string();
    }
    return text.empty() ? "no directory" : text;
}

}  // namespace

sdk::Result<std::filesystem::path> locate_plugin(
    const PluginRequest& request, const std::vector<std::filesystem::path>& search_path) {
    if (!request.path.empty()) return request.path;
    if (!is_file_name(request.name)) {
        return config_error("'" + request.name + "' is no plugin name: give a name such as " +
                            "transport-stdio, or an absolute file with 'path:'");
    }
    for (const auto& directory : search_path) {
        std::filesystem::path file = directory / (request.name + ".so");
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored)) return file;
    }
    return config_error("plugin '" + request.name + "' not found: there is no " + request.name +
                        ".so in " + listed(search_path));
}

sdk::Result<void> check_plugin_file(const std::filesystem::path& path) {
    const std::string name = path.string();
    if (!path.is_absolute()) {
        return config_error("plugin file '" + name + "' must be an absolute path");
    }
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        return config_error("plugin file " + name + " can't be read: " + std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return config_error("plugin file " + name + " is not a regular file");
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return config_error("plugin file " + name +
                            " can be changed by others than its owner: run chmod go-w " + name);
    }
    return {};
}

}  // namespace shadowcat::core
