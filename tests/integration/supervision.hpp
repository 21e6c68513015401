// SPDX-License-Identifier: Apache-2.0
// What the tests of supervision look at from outside: marked processes, zombies, memory.
#pragma once

#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace integration {

/// An argument that only processes of this test have on their command lines.
class Mark {
public:
    Mark() {
        static std::atomic<int> count{0};
        text_ = "mark-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
    }

    const std::string& text() const noexcept { return text_; }

    /// How many processes have it. Zombies have no command line any more.
    std::size_t processes() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            std::ostringstream line;
            line << std::ifstream(entry.path() / "cmdline").rdbuf();
            if (line.str().find('\0' + text_ + '\0') != std::string::npos) ++count;
        }
        return count;
    }

    bool gone(std::chrono::milliseconds patience = kPatience) const {
        return eventually([this] { return processes() == 0; }, patience);
    }

private:
    std::string text_;
};

inline std::size_t zombies_of(pid_t parent) {
    const auto children = children_of(parent);
    return static_cast<std::size_t>(std::ranges::count_if(
        children, [](const ProcessEntry& child) { return child.is_zombie(); }));
}

/// The number behind `name` in /proc/PID/`file`: `VmHWM` and `VmRSS` (kB) in `status`, `wchar` in
/// `io`.
inline std::size_t number_in(pid_t pid, const std::string& file, const std::string& name) {
    std::ifstream lines("/proc/" + std::to_string(pid) + "/" + file);
    for (std::string word; lines >> word;) {
        std::size_t number = 0;
        if (word == name + ":" && lines >> number) return number;
    }
    return 0;
}

inline std::size_t peak_kb(pid_t pid) { return number_in(pid, "status", "VmHWM"); }
inline std::size_t resident_kb(pid_t pid) { return number_in(pid, "status", "VmRSS"); }
inline std::size_t written_by(pid_t pid) { return number_in(pid, "io", "wchar"); }

}  // namespace integration
