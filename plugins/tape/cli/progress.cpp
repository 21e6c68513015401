// SPDX-License-Identifier: Apache-2.0
// Draws the bar.
#include "cli/progress.hpp"

#include <algorithm>
#include <utility>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kBarColumns = 30;
constexpr auto kFirst = std::chrono::seconds(1);
constexpr auto kEvery = std::chrono::milliseconds(100);

}  // namespace

std::string progress_bar(const std::string& label, std::uint64_t done, std::uint64_t total) {
    const double part = total == 0 ? 0 : std::min(1.0, double(done) / double(total));
    const auto filled = static_cast<std::size_t>(part * kBarColumns);
    return label + " [" + std::string(filled, '#') + std::string(kBarColumns - filled, '-') + "] " +
           std::to_string(static_cast<int>(part * 100)) + "%";
}

Progress::Progress(Console& console, std::string label)
    : console_(console), label_(std::move(label)), next_(Clock::now() + kFirst) {}

Progress::~Progress() {
    if (drawn_) console_.errors() << "\r\x1b[K" << std::flush;
}

void Progress::update(std::uint64_t done, std::uint64_t total) {
    if (!console_.shows_progress() || ++calls_ % 1024 != 0) return;
    if (Clock::now() >= next_) draw(done, total);
}

void Progress::draw(std::uint64_t done, std::uint64_t total) {
    console_.errors() << "\r\x1b[K" << progress_bar(label_, done, total) << std::flush;
    drawn_ = true;
    next_ = Clock::now() + kEvery;
}

}  // namespace shadowcat::tape
