// SPDX-License-Identifier: Apache-2.0
// Progress: a bar on a terminal for work that takes longer than a second.
#pragma once

#include "cli/console.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace shadowcat::tape {

/// The bar as text: `validating [######------] 52%`.
std::string progress_bar(const std::string& label, std::uint64_t done, std::uint64_t total);

class Progress {
public:
    /// Shows nothing where standard error is no terminal.
    Progress(Console& console, std::string label);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    /// Cheap: looks at the clock at every 1024th call.
    void update(std::uint64_t done, std::uint64_t total);

private:
    using Clock = std::chrono::steady_clock;

    void draw(std::uint64_t done, std::uint64_t total);

    Console& console_;
    std::string label_;
    Clock::time_point next_;
    std::uint32_t calls_ = 0;
    bool drawn_ = false;
};

}  // namespace shadowcat::tape
