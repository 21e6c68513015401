// SPDX-License-Identifier: Apache-2.0
// Counts lines and compares the first of them.
#include "file_checks.hpp"

#include <algorithm>
#include <string>

namespace shadowcat::lint {
namespace {

std::size_t lines_of(const std::string& text) {
    const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    return ends + (text.empty() || text.back() == '\n' ? 0 : 1);
}

std::string over(std::size_t lines, std::size_t limit) {
    return std::to_string(lines) + " lines, the limit is " + std::to_string(limit);
}

std::string first_line(const std::string& text) {
    auto begin = std::size_t{0};
    if (text.starts_with("#!")) begin = std::min(text.find('\n'), text.size() - 1) + 1;
    const auto end = std::min(text.find('\n', begin), text.size());
    return text.substr(begin, end - begin);
}

}  // namespace

Findings check_sizes(const SourceTree& tree, const SizeLimits& limits) {
    Findings hard;
    Findings soft;
    std::size_t total = 0;
    for (const auto& file : tree.files()) {
        if (!is_source(file)) continue;
        ++total;
        const auto lines = lines_of(tree.read(file));
        if (lines > limits.hard) hard.push_back({file, 0, over(lines, limits.hard)});
        if (lines > limits.soft) soft.push_back({file, 0, over(lines, limits.soft)});
    }
    if (soft.size() * 100 <= total * (100 - limits.soft_percent)) return hard;
    soft.push_back({"(all files)", 0,
                    std::to_string(soft.size()) + " of " + std::to_string(total) +
                        " files exceed " + std::to_string(limits.soft) + " lines; at most " +
                        std::to_string(100 - limits.soft_percent) + " % may: split the longest"});
    hard.insert(hard.end(), soft.begin(), soft.end());
    return hard;
}

Findings check_spdx(const SourceTree& tree) {
    Findings findings;
    for (const auto& file : tree.files()) {
        const auto comment = std::string(line_comment_of(file));
        if (comment.empty()) continue;
        const auto expected = comment + " SPDX-License-Identifier: Apache-2.0";
        if (first_line(tree.read(file)) == expected) continue;
        findings.push_back({file, 1, "the file must begin with: " + expected});
    }
    return findings;
}

}  // namespace shadowcat::lint
