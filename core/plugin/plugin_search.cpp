// SPDX-License-Identifier: Apache-2.0
// The built-in set and the directories that are searched without being configured.
#include "core/plugin/plugin_request.hpp"

#include <system_error>

namespace shadowcat::core {

namespace {

std::filesystem::path binary_directory() {
    std::error_code failed;
    return std::filesystem::read_symlink("/proc/self/exe", failed).parent_path();
}

void add_directory(std::vector<std::filesystem::path>& list, const std::filesystem::path& path) {
    if (path.empty()) return;
    std::filesystem::path clean = std::filesystem::absolute(path).lexically_normal();
    for (const auto& known : list) {
        if (known == clean) return;
    }
    list.push_back(std::move(clean));
}

}  // namespace

std::vector<PluginRequest> builtin_plugins() {
    std::vector<PluginRequest> requests;
    for (const char* name : {"transport-stdio", "transport-http", "pool", "metrics", "message-log",
                             "access-log", "otlp", "tape", "intercept", "watch"}) {
        requests.emplace_back(name);
    }
    return requests;
}

std::vector<std::filesystem::path> default_search_path(const std::string& environment) {
    std::vector<std::filesystem::path> list;
    std::size_t start = 0;
    while (start <= environment.size()) {
        const std::size_t colon = std::min(environment.find(':', start), environment.size());
        add_directory(list, environment.substr(start, colon - start));
        start = colon + 1;
    }
    const std::filesystem::path beside = binary_directory();
    add_directory(list, beside / SHADOWCAT_PLUGIN_DIR_FROM_BIN);
    add_directory(list, beside / SHADOWCAT_PLUGIN_INSTALL_DIR_FROM_BIN);
    return list;
}

}  // namespace shadowcat::core
