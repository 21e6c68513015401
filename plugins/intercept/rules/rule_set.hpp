// SPDX-License-Identifier: Apache-2.0
// RuleSet: the rules of one file, found by what a message is.
#pragma once

#include "rules/problem.hpp"
#include "rules/rule.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shadowcat::intercept {

/// Shared by all workers; what rules count is atomic, the rest immutable.
class RuleSet {
public:
    explicit RuleSet(std::vector<Rule> rules);
    RuleSet(const RuleSet&) = delete;
    RuleSet& operator=(const RuleSet&) = delete;

    const std::vector<Rule>& rules() const noexcept { return rules_; }

    /// The enabled rules that may match a message by its direction, kind and method, in the order
    /// of the file: one look into a table.
    std::span<const Rule* const> candidates(const Sight& sight) const;

private:
    using List = std::vector<const Rule*>;
    class Hash {
    public:
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    class Table {
    public:
        void add(const Rule& rule);

        List others;  // for every method that isn't named
        std::unordered_map<std::string, List, Hash, std::equal_to<>> named;
    };

    static constexpr std::size_t kKinds = 4;
    std::vector<Rule> rules_;
    std::array<Table, 2 * kKinds> tables_;  // by direction and kind
};

/// Reads a whole rules file; nothing when it has problems, which are appended.
std::optional<std::vector<Rule>> read_rules(const std::string& text, std::size_t max_rules,
                                            Problems& problems);

}  // namespace shadowcat::intercept
