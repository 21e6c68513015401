// SPDX-License-Identifier: Apache-2.0
// The PATH lookup.
#include "program_path.hpp"

#include <unistd.h>

#include <filesystem>

namespace shadowcat::transport_stdio {

namespace {

namespace fs = std::filesystem;

enum class Finding { nothing, directory, not_executable, program };

Finding look_at(const fs::path& candidate) {
    std::error_code failed;
    const fs::file_status status = fs::status(candidate, failed);
    if (!fs::exists(status)) return Finding::nothing;
    if (fs::is_directory(status)) return Finding::directory;
    return ::access(candidate.c_str(), X_OK) == 0 ? Finding::program : Finding::not_executable;
}

sdk::Error unusable(Finding finding, const std::string& command) {
    const char* what = finding == Finding::nothing     ? "command not found: '"
                       : finding == Finding::directory ? "command is a directory: '"
                                                       : "command is not executable: '";
    return sdk::upstream_error(sdk::ErrorCode::unreachable, what + command + "'");
}

sdk::Result<std::string> search(const std::string& command, std::string_view path) {
    Finding best = Finding::nothing;
    std::string seen = command;
    while (!path.empty()) {
        const std::string_view entry = path.substr(0, path.find(':'));
        path.remove_prefix(entry.size() == path.size() ? path.size() : entry.size() + 1);
        if (entry.empty()) continue;
        const fs::path candidate = fs::path(entry) / command;
        const Finding finding = look_at(candidate);
        if (finding == Finding::program) return candidate.string();
        if (finding == Finding::not_executable) {
            best = finding;
            seen = candidate.string();
        }
    }
    return unusable(best, seen);
}

}  // namespace

sdk::Result<std::string> find_program(const std::string& command, std::string_view path,
                                      const std::string& directory) {
    if (command.find('/') == std::string::npos) return search(command, path);
    const Finding finding = look_at(fs::path(directory) / command);
    if (finding != Finding::program) return unusable(finding, command);
    return command;
}

}  // namespace shadowcat::transport_stdio
