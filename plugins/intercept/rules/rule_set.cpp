// SPDX-License-Identifier: Apache-2.0
// Reads rules files; sorts rules by what they may match.
#include "rules/rule_set.hpp"

namespace shadowcat::intercept {

namespace {

std::size_t table_of(sdk::Direction direction, sdk::MessageKind kind) {
    return static_cast<std::size_t>(direction) * 4 + static_cast<std::size_t>(kind);
}

bool concerns(const Match& match, sdk::Direction direction, sdk::MessageKind kind) {
    return (match.directions() & bit_of(direction)) != 0 && (match.kinds() & bit_of(kind)) != 0;
}

void refuse_duplicates(const NodeReader& list, const std::vector<Rule>& rules) {
    std::unordered_map<std::string, int> lines;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        const auto name = list.item(i).find("name");
        if (!name) continue;
        const auto [first, fresh] = lines.emplace(rules[i].name, name->node().place.line);
        if (!fresh)
            name->fail("another rule has this name, in line " + std::to_string(first->second));
    }
}

}  // namespace

/// Rules come in their order, so every list keeps it.
void RuleSet::Table::add(const Rule& rule) {
    const std::vector<std::string> methods = rule.match.exact_methods();
    for (const std::string& method : methods) {
        List& list = named.try_emplace(method, others).first->second;
        if (list.empty() || list.back() != &rule) list.push_back(&rule);
    }
    if (!methods.empty()) return;
    others.push_back(&rule);
    for (auto& [method, list] : named)
        list.push_back(&rule);
}

RuleSet::RuleSet(std::vector<Rule> rules) : rules_(std::move(rules)) {
    using enum sdk::MessageKind;
    for (const Rule& rule : rules_) {
        if (!rule.enabled) continue;
        for (const sdk::Direction direction :
             {sdk::Direction::client_to_server, sdk::Direction::server_to_client}) {
            for (const sdk::MessageKind kind : {request, notification, result, error})
                if (concerns(rule.match, direction, kind))
                    tables_[table_of(direction, kind)].add(rule);
        }
    }
}

std::span<const Rule* const> RuleSet::candidates(const Sight& sight) const {
    const Table& table = tables_[table_of(sight.context.direction, sight.message.kind())];
    if (table.named.empty()) return table.others;
    const auto found = table.named.find(sight.method);
    return found == table.named.end() ? table.others : found->second;
}

std::optional<std::vector<Rule>> read_rules(const std::string& text, std::size_t max_rules,
                                            Problems& problems) {
    const std::optional<YamlNode> root = read_yaml(text, problems);
    if (!root) return std::nullopt;
    const std::size_t before = problems.size();
    const NodeReader file(*root, "", problems);
    if (!file.mapping_of({"rules"})) return std::nullopt;
    const auto list = file.need("rules");
    if (!list) return std::nullopt;
    std::vector<Rule> rules;
    const std::size_t count = list->node().items.size();
    if (!list->node().is_sequence()) list->fail("expected a list of rules");
    if (count > max_rules)
        list->fail(std::to_string(count) + " rules; the limit is " + std::to_string(max_rules) +
                   " (max_rules)");
    for (std::size_t i = 0; i < count; ++i)
        rules.push_back(Rule::read(list->item(i)));
    refuse_duplicates(*list, rules);
    if (problems.size() != before) return std::nullopt;
    return rules;
}

}  // namespace shadowcat::intercept
