// SPDX-License-Identifier: Apache-2.0
// Reads descriptors and children from /proc.
#include "footprint.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace shadowcat::contract {

namespace {

namespace fs = std::filesystem;

void add_descriptors(std::set<std::string>& items) {
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        const fs::path target = fs::read_symlink(entry.path(), gone);
        const std::string name = target.string();
        // The iterator's own descriptor, and what differs from one reading to the next.
        if (gone || name.starts_with("/proc/")) continue;
        items.insert("descriptor " + entry.path().filename().string() + " " + name);
    }
}

bool is_number(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// `ppid` from /proc/N/stat: the second field after the command in parentheses.
std::string parent_of(const fs::path& process) {
    std::ifstream file(process / "stat");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const std::size_t end = text.rfind(')');
    if (end == std::string::npos || end + 4 > text.size()) return {};
    const std::string rest = text.substr(end + 4);
    return rest.substr(0, rest.find(' '));
}

void add_children(std::set<std::string>& items) {
    const std::string self = std::to_string(getpid());
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string pid = entry.path().filename().string();
        if (is_number(pid) && parent_of(entry.path()) == self) items.insert("child " + pid);
    }
}

}  // namespace

Footprint Footprint::now() {
    Footprint footprint;
    add_descriptors(footprint.items_);
    add_children(footprint.items_);
    return footprint;
}

std::string Footprint::beyond(const Footprint& before) const {
    std::string text;
    for (const std::string& item : items_)
        if (!before.items_.contains(item)) text += (text.empty() ? "" : ", ") + item;
    return text;
}

}  // namespace shadowcat::contract
