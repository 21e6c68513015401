// SPDX-License-Identifier: Apache-2.0
// Collects findings.
#include "cli/finding.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace shadowcat::tape {

std::string_view name(Finding::Severity severity) noexcept {
    constexpr std::array<std::string_view, 3> names = {"note", "warning", "error"};
    return names[static_cast<std::size_t>(severity)];
}

void Findings::add(Finding finding) {
    ++counts_[static_cast<std::size_t>(finding.severity)];
    if (kept_.size() < kMaxKept) kept_.push_back(std::move(finding));
}

void Findings::add_uncounted(Finding::Severity severity, std::uint64_t count) {
    counts_[static_cast<std::size_t>(severity)] += count;
}

void Findings::sort() {
    std::ranges::stable_sort(kept_, {}, [](const Finding& finding) {
        return finding.line == 0 ? std::numeric_limits<std::uint64_t>::max() : finding.line;
    });
}

}  // namespace shadowcat::tape
