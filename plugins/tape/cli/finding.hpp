// SPDX-License-Identifier: Apache-2.0
// Finding: something that `tape validate` says about a tape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::tape {

class Finding {
public:
    enum class Severity : std::uint8_t { note, warning, error };

    Finding(Severity how_bad, std::uint64_t where, std::string_view what, std::string sentence)
        : severity(how_bad), line(where), kind(what), text(std::move(sentence)) {}

    Severity severity;
    std::uint64_t line;  ///< from 1, in its part; 0: of the whole tape
    std::string kind;    ///< `bad_line`, `no_request`, …
    std::string text;    ///< one sentence; not yet safe to print
};

std::string_view name(Finding::Severity severity) noexcept;

/// Keeps so many, counts all.
class Findings {
public:
    static constexpr std::size_t kMaxKept = 1000;

    void add(Finding finding);

    /// Counts findings that nobody can show any more.
    void add_uncounted(Finding::Severity severity, std::uint64_t count);

    const std::vector<Finding>& kept() const noexcept { return kept_; }
    std::uint64_t count(Finding::Severity severity) const noexcept {
        return counts_[static_cast<std::size_t>(severity)];
    }

    /// Those of the whole tape behind those of lines.
    void sort();

private:
    std::vector<Finding> kept_;
    std::uint64_t counts_[3] = {};
};

}  // namespace shadowcat::tape
