// SPDX-License-Identifier: Apache-2.0
// Reading /proc/PID/stat and /proc/PID/fd.
#include "process_table.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace integration {

namespace {

std::optional<ProcessEntry> entry_of(const std::string& pid) {
    std::ifstream file("/proc/" + pid + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const std::size_t name_end = line.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    ProcessEntry entry;
    entry.pid = std::stoi(pid);
    std::istringstream(line.substr(name_end + 1)) >> entry.state >> entry.parent >> entry.group;
    return entry;
}

bool is_number(const std::string& name) {
    return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::vector<ProcessEntry> children_of(pid_t parent) {
    std::vector<ProcessEntry> children;
    for (const auto& directory : std::filesystem::directory_iterator("/proc")) {
        const std::string name = directory.path().filename();
        if (!is_number(name)) continue;
        const auto entry = entry_of(name);
        if (entry && entry->parent == parent) children.push_back(*entry);
    }
    return children;
}

bool is_running(pid_t pid) {
    const auto entry = entry_of(std::to_string(pid));
    return entry && entry->state != 'Z' && entry->state != 'X';
}

std::size_t open_descriptors(pid_t pid) {
    const std::filesystem::directory_iterator files("/proc/" + std::to_string(pid) + "/fd");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace integration
