// SPDX-License-Identifier: Apache-2.0
// Reads rules files and puts new sets in force.
#include "rules/rule_book.hpp"

#include <stdexcept>

namespace shadowcat::intercept {

namespace {

/// Metrics are never given back, so not every name that ever stood in a file can have its own.
constexpr std::size_t kLabelsPerRule = 4;
constexpr const char* kOtherRules = "(other)";

const Rule* rule_named(const RuleSet* set, const std::string& name) {
    if (set == nullptr) return nullptr;
    for (const Rule& each : set->rules())
        if (each.name == name) return &each;
    return nullptr;
}

}  // namespace

RuleBook::RuleBook(const RulesOptions& options, sdk::Metrics& metrics)
    : file_(options.file), max_rules_(options.max_rules), seed_(options.seed), metrics_(metrics) {
    const sdk::Result<bool> read = reload();
    if (read.has_error()) throw std::runtime_error(read.error().message());
}

std::shared_ptr<const RuleSet> RuleBook::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

bool RuleBook::changed() {
    const std::lock_guard only_one(reading_);
    return FileStamp::of(file_) != stamp_;
}

sdk::Result<bool> RuleBook::reload() {
    const std::lock_guard only_one(reading_);
    const FileStamp stamp = FileStamp::of(file_);
    if (current() && stamp == stamp_) return false;
    stamp_ = stamp;
    auto made = read();
    if (made.has_error()) return made.error();
    const std::lock_guard lock(mutex_);
    current_ = *std::move(made);
    generation_.fetch_add(1, std::memory_order_release);
    return true;
}

sdk::Result<std::shared_ptr<const RuleSet>> RuleBook::read() {
    sdk::Result<std::string> text = read_file(file_, kMaxRulesBytes);
    if (text.has_error()) return text.error();
    Problems problems;
    std::optional<std::vector<Rule>> rules = read_rules(*text, max_rules_, problems);
    if (!rules) return sdk::Error(sdk::ErrorCode::config, summary(file_, std::move(problems)));
    const std::shared_ptr<const RuleSet> before = current();
    std::map<std::string, std::shared_ptr<Tally>> tallies;
    for (Rule& rule : *rules)
        equip(rule, before.get(), tallies);
    tallies_ = std::move(tallies);
    return std::make_shared<const RuleSet>(*std::move(rules));
}

/// What a rule counts goes on where a rule of its name was, and how far it has come where that was
/// the same rule.
void RuleBook::equip(Rule& rule, const RuleSet* before,
                     std::map<std::string, std::shared_ptr<Tally>>& tallies) {
    const auto known = tallies_.find(rule.name);
    rule.tally = known != tallies_.end() ? known->second
                                         : std::make_shared<Tally>(metrics_, label_for(rule.name));
    for (const auto& action : rule.actions)
        rule.tally->expect(action->kind());
    tallies.emplace(rule.name, rule.tally);
    const Rule* same = rule_named(before, rule.name);
    rule.progress = same && same->text == rule.text
                        ? same->progress
                        : std::make_shared<SamplingState>(seed_, rule.name);
}

std::string RuleBook::label_for(const std::string& rule) {
    if (labels_.contains(rule)) return rule;
    if (labels_.size() >= kLabelsPerRule * max_rules_) return kOtherRules;
    labels_.insert(rule);
    return rule;
}

}  // namespace shadowcat::intercept
