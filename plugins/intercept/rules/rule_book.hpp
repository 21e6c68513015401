// SPDX-License-Identifier: Apache-2.0
// RuleBook: the rules in force, for all workers.
#pragma once

#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/result.hpp"

#include "rules/file_stamp.hpp"
#include "rules/options.hpp"
#include "rules/rule_set.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace shadowcat::intercept {

/// Thread-safe. A new set takes the place of the old one as a whole; messages that are on their way
/// finish with the old one.
class RuleBook {
public:
    /// Reads the file. Throws `std::runtime_error` with what is wrong with it.
    RuleBook(const RulesOptions& options, sdk::Metrics& metrics);

    /// Grows with each new set.
    std::uint64_t generation() const noexcept {
        return generation_.load(std::memory_order_acquire);
    }

    std::shared_ptr<const RuleSet> current() const;

    /// Reads the file if it is another than the one in force. Blocks on the file system. True when
    /// there is a new set; an error keeps the old one. What was refused isn't read again before it
    /// changes.
    sdk::Result<bool> reload();

    /// True when the file is another than the one that was read last.
    bool changed();

    const std::string& file() const noexcept { return file_; }

private:
    sdk::Result<std::shared_ptr<const RuleSet>> read();
    void equip(Rule& rule, const RuleSet* before, std::map<std::string, std::shared_ptr<Tally>>&);
    std::string label_for(const std::string& rule);

    const std::string file_;
    const std::size_t max_rules_;
    const std::uint64_t seed_;
    sdk::Metrics& metrics_;

    std::mutex reading_;  // one reader at a time, who alone touches:
    FileStamp stamp_;
    std::map<std::string, std::shared_ptr<Tally>> tallies_;
    std::set<std::string> labels_;

    mutable std::mutex mutex_;
    std::shared_ptr<const RuleSet> current_;
    std::atomic<std::uint64_t> generation_{0};
};

}  // namespace shadowcat::intercept
