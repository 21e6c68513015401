// SPDX-License-Identifier: Apache-2.0
// Reads rules.
#include "rules/rule.hpp"

#include "rules/scalar_json.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::intercept {

namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxActions = 32;
constexpr std::int64_t kMaxCount = 1'000'000'000;

/// Names stand in logs, metrics and tables.
void read_name(const NodeReader& reader, std::string& name) {
    const auto given = reader.need("name");
    const auto text = given ? given->text() : std::nullopt;
    if (!text) return;
    name = *text;
    const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (name.empty() || name.size() > kMaxName || !std::ranges::all_of(name, plain))
        given->fail("expected 1 to " + std::to_string(kMaxName) + " printable ASCII characters");
}

void read_flag(const NodeReader& reader, std::string_view key, bool& flag) {
    const auto given = reader.find(key);
    if (given) flag = given->boolean().value_or(flag);
}

void read_count(const NodeReader& reader, std::string_view key, std::uint64_t& count) {
    const auto given = reader.find(key);
    const auto number = given ? given->integer(1, kMaxCount) : std::nullopt;
    if (number) count = static_cast<std::uint64_t>(*number);
}

}  // namespace

void Rule::read_match(const NodeReader& reader) {
    const auto given = reader.find("match");
    if (!given) return;  // every message
    constexpr std::array<std::string_view, 15> kKeys = {
        "direction", "kind",     "method", "tool", "name",        "params", "session", "upstream",
        "era",       "revision", "any",    "not",  "probability", "times",  "every"};
    if (!given->mapping_of(kKeys)) return;
    match = Match::read(*given);
    read_count(*given, "times", sampling.times);
    read_count(*given, "every", sampling.every);
    const auto probability = given->find("probability");
    if (probability) sampling.probability = probability->number(0, 1).value_or(1);
}

void Rule::read_actions(const NodeReader& reader) {
    const auto given = reader.need("do");
    if (!given) return;
    if (!given->node().is_sequence()) return given->fail("expected a list of actions");
    if (given->node().items.size() > kMaxActions)
        return given->fail("more than " + std::to_string(kMaxActions) + " actions");
    for (const NodeReader& each : given->one_or_more())
        if (auto action = read_action(each)) actions.push_back(std::move(action));
}

Rule Rule::read(const NodeReader& reader) {
    Rule rule;
    if (!reader.mapping_of({"name", "enabled", "match", "do", "stop"})) return rule;
    read_name(reader, rule.name);
    read_flag(reader, "enabled", rule.enabled);
    read_flag(reader, "stop", rule.stop);
    rule.read_match(reader);
    rule.read_actions(reader);
    rule.text = json_of(reader.node());
    return rule;
}

}  // namespace shadowcat::intercept
