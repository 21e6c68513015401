// SPDX-License-Identifier: Apache-2.0
// Reads /proc for the memory of a process tree.
#include "memory.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace bench {
namespace {

std::string proc_file(pid_t pid, const char* name) {
    return "/proc/" + std::to_string(pid) + "/" + name;
}

std::uint64_t status_bytes(pid_t pid, std::string_view field) {
    std::ifstream status(proc_file(pid, "status"));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field)) return std::stoull(line.substr(field.size())) * 1024;
    }
    return 0;
}

pid_t parent_of(pid_t pid) {
    std::ifstream stat(proc_file(pid, "stat"));
    std::string text;
    std::getline(stat, text);
    const std::size_t name_end = text.rfind(')');  // then: state, parent
    if (name_end == std::string::npos || name_end + 4 > text.size()) return 0;
    return std::atoi(text.c_str() + name_end + 4);
}

std::multimap<pid_t, pid_t> children_by_parent() {
    std::multimap<pid_t, pid_t> children;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        pid_t pid = 0;
        std::from_chars(name.data(), name.data() + name.size(), pid);
        if (pid > 0) children.emplace(parent_of(pid), pid);
    }
    return children;
}

Memory memory_of(pid_t pid, std::string_view field) {
    Memory memory{status_bytes(pid, field), 0};
    for (const pid_t descendant : descendants_of(pid))
        memory.descendants += status_bytes(descendant, field);
    return memory;
}

bool clear_peak(pid_t pid) {
    std::ofstream file(proc_file(pid, "clear_refs"));
    file << "5" << std::flush;
    return file.good();
}

}  // namespace

bool is_running(pid_t pid) { return status_bytes(pid, "VmRSS:") > 0; }

std::vector<pid_t> descendants_of(pid_t pid) {
    const std::multimap<pid_t, pid_t> children = children_by_parent();
    std::vector<pid_t> found = {pid};
    for (std::size_t i = 0; i < found.size(); ++i) {
        const auto [begin, end] = children.equal_range(found[i]);
        for (auto child = begin; child != end; ++child)
            found.push_back(child->second);
    }
    found.erase(found.begin());
    return found;
}

Memory resident_memory(pid_t pid) { return memory_of(pid, "VmRSS:"); }
Memory peak_resident_memory(pid_t pid) { return memory_of(pid, "VmHWM:"); }

bool reset_peak(pid_t pid) {
    bool all = clear_peak(pid);
    for (const pid_t descendant : descendants_of(pid))
        all = clear_peak(descendant) && all;
    return all;
}

Memory settled_memory(pid_t pid) {
    Memory before = resident_memory(pid);
    for (int i = 0; i < 10; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        const Memory now = resident_memory(pid);
        if (now.process == before.process && now.descendants == before.descendants) break;
        before = now;
    }
    return before;
}

}  // namespace bench
