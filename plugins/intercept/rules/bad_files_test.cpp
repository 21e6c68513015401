// SPDX-License-Identifier: Apache-2.0
// Rules files that are refused, with the exact place and words that an operator gets.
#include "rules/testing.hpp"

#include <utility>

using namespace shadowcat;
using namespace shadowcat::intercept;

namespace {

std::string refusal_of(const std::string& text, std::size_t max_rules = 3) {
    Problems problems;
    const auto rules = read_rules(text, max_rules, problems);
    CHECK(rules.has_value() == problems.empty());
    return problems.empty() ? "good" : summary("f", std::move(problems));
}

/// One rule whose `match` (or `do`) is on lines of their own.
std::string with_match(const std::string& match) {
    return "rules:\n- name: r\n  match:\n    " + match + "\n  do: [drop]\n";
}
std::string with_action(const std::string& action) {
    return "rules:\n- name: r\n  do:\n  - " + action + "\n";
}

using Table = std::vector<std::pair<std::string, std::string>>;

void check_refusals(const Table& table, std::string (*made)(const std::string&)) {
    for (const auto& [given, refusal] : table) {
        CAPTURE(given);
        CHECK(refusal_of(made(given)) == refusal);
    }
}

std::string as_it_is(const std::string& text) { return text; }

}  // namespace

TEST_CASE("files that are no list of rules") {
    check_refusals(
        {
            {"", "f:1:1: expected a mapping"},
            {"[]", "f:1:1: expected a mapping"},
            {"rule: []", "f:1:1: rule: unknown key; expected one of rules"},
            {"{}", "f:1:1: the key rules is missing"},
            {"rules:\n", "f:1:1: rules: expected a list of rules"},
            {"rules: {}", "f:1:8: rules: expected a list of rules"},
            {"rules: [x]", "f:1:9: rules[0]: expected a mapping"},
            {"rules: [\n  }", "f:2:3: not valid YAML: illegal flow end"},
            {"rules:\n- name: \"r\n", "f:2:9: rules[0].name: the quote is never closed"},
            {"rules: []\nrules: []", "f:2:1: rules: duplicate key"},
            {"rules: []\n---\nrules: []",
             "f:3:1: a second YAML document begins here; only one is allowed"},
            {"rules: [{},{},{},{}]",
             "f:1:8: rules: 4 rules; the limit is 3 (max_rules) (and 8 more)"},
            {"rules: []\n# " + std::string(1024 * 1024, 'x'),
             "f:1:1: is larger than 1048576 bytes, the limit"},
        },
        as_it_is);
}

TEST_CASE("a list without rules is one: everything passes") {
    CHECK(refusal_of("rules: []") == "good");
}

TEST_CASE("rules with something wrong about themselves") {
    check_refusals(
        {
            {"rules:\n- do: [drop]", "f:2:3: rules[0]: the key name is missing"},
            {"rules:\n- name: r", "f:2:3: rules[0]: the key do is missing"},
            {"rules:\n- name: r\n  do: []", "f:3:7: rules[0].do: the list is empty"},
            {"rules:\n- name: r\n  do: drop", "f:3:7: rules[0].do: expected a list of actions"},
            {"rules:\n- name: ''\n  do: [drop]",
             "f:2:9: rules[0].name: expected 1 to 64 printable ASCII characters"},
            {"rules:\n- name: \"a\\nb\"\n  do: [drop]",
             "f:2:9: rules[0].name: expected 1 to 64 printable ASCII characters"},
            {"rules:\n- name: r\n  do: [drop]\n- name: q\n  do: [drop]\n- name: r\n  do: [drop]",
             "f:6:9: rules[2].name: another rule has this name, in line 2"},
            {"rules:\n- name: r\n  enabled: yes\n  do: [drop]",
             "f:3:12: rules[0].enabled: expected true or false"},
            {"rules:\n- name: r\n  actions: [drop]\n  do: [drop]",
             "f:3:3: rules[0].actions: unknown key; expected one of name, enabled, match, do, "
             "stop"},
        },
        as_it_is);
}

TEST_CASE("matches with something wrong") {
    check_refusals(
        {
            {"methods: x",
             "f:4:5: rules[0].match.methods: unknown key; expected one of direction, kind, method, "
             "tool, name, params, session, upstream, era, revision, any, not, probability, times, "
             "every"},
            {"method: /a(b/",
             "f:4:13: rules[0].match.method: not a regular expression: missing ): a(b"},
            {"tool: [ok, '/[z-a]/']",
             "f:4:16: rules[0].match.tool[1]: not a regular expression: invalid character class "
             "range: z-a"},
            {"method: []", "f:4:13: rules[0].match.method: the list is empty"},
            {"method: {a: b}", "f:4:13: rules[0].match.method: expected text"},
            {"direction: up",
             "f:4:16: rules[0].match.direction: expected one of client_to_server, "
             "server_to_client"},
            {"kind: [request, answer]",
             "f:4:21: rules[0].match.kind[1]: expected one of request, notification, result, "
             "error"},
            {"era: stateful", "f:4:10: rules[0].match.era: expected one of session, stateless"},
            {"params: [a]", "f:4:13: rules[0].match.params: expected a mapping"},
            {"params: {a/b: 1}", "f:4:19: rules[0].match.params.a/b: a JSON pointer begins with /"},
            {"params: {/a: [1]}",
             "f:4:18: rules[0].match.params./a: for a list write {equals: […]} or {one_of: […]}"},
            {"params: {/a: {like: x}}",
             "f:4:19: rules[0].match.params./a.like: unknown key; expected one of equals, one_of, "
             "matches, exists, gt, gte, lt, lte"},
            {"params: {/a: {}}",
             "f:4:18: rules[0].match.params./a: expected a test, such as {exists: true}"},
            {"params: {/a: {matches: '*'}}",
             "f:4:28: rules[0].match.params./a.matches: not a regular expression: no argument for "
             "repetition operator: *"},
            {"params: {/a: {gt: high}}", "f:4:23: rules[0].match.params./a.gt: expected a number"},
            {"params: {/a: {exists: maybe}}",
             "f:4:27: rules[0].match.params./a.exists: expected true or false"},
            {"params: {/a: {exists: false, gt: 1}}",
             "f:4:18: rules[0].match.params./a: exists: false stands alone"},
            {"probability: 2", "f:4:18: rules[0].match.probability: expected a number from 0 to 1"},
            {"times: 0", "f:4:12: rules[0].match.times: expected an integer from 1 to 1000000000"},
            {"every: '2'",
             "f:4:12: rules[0].match.every: expected an integer from 1 to 1000000000"},
            {"not: {times: 1}",
             "f:4:11: rules[0].match.not.times: unknown key; expected one of direction, kind, "
             "method, tool, name, params, session, upstream, era, revision, any, not"},
            {"any: [{tool: '/(/'}]",
             "f:4:18: rules[0].match.any[0].tool: not a regular expression: missing ): ("},
        },
        with_match);
}

TEST_CASE("actions with something wrong") {
    check_refusals(
        {
            {"explode", "f:4:5: rules[0].do[0]: expected one of drop, break, log"},
            {"{explode: 1}",
             "f:4:6: rules[0].do[0].explode: unknown key; expected one of set, remove, replace, "
             "block, mock, delay, throttle, drop, fault, break, log"},
            {"{drop: {}, log: {}}",
             "f:4:5: rules[0].do[0]: expected one action in each item of the list"},
            {"drop: now", "f:4:11: rules[0].do[0].drop: has no options"},
            {"set: {}", "f:4:10: rules[0].do[0].set: expected pointers and their values"},
            {"set: {x: 1}", "f:4:11: rules[0].do[0].set.x: a JSON pointer begins with /"},
            {"set: {/id: 1}",
             "f:4:11: rules[0].do[0].set./id: the message itself, its id and jsonrpc can't be "
             "changed"},
            {"set: {'': 1}",
             "f:4:11: rules[0].do[0].set.: the message itself, its id and jsonrpc can't be "
             "changed"},
            {"set: {/a: '${/b'}", "f:4:15: rules[0].do[0].set./a: a ${/ has no closing }"},
            {"remove: /jsonrpc",
             "f:4:13: rules[0].do[0].remove: the message itself, its id and jsonrpc can't be "
             "changed"},
            {"remove: [/a, b]", "f:4:18: rules[0].do[0].remove[1]: a JSON pointer begins with /"},
            {"replace: {pointer: /a, pattern: x}",
             "f:4:14: rules[0].do[0].replace: the key with is missing"},
            {"replace: {pointer: /a, pattern: 'x{2,1}', with: y}",
             "f:4:37: rules[0].do[0].replace.pattern: not a regular expression: invalid repetition "
             "size: {2,1}"},
            {"replace: {pointer: /a, pattern: x, with: '\\1'}",
             "f:4:46: rules[0].do[0].replace.with: not a replacement: Rewrite schema requests 1 "
             "matches, but the regexp only has 0 parenthesized subexpressions."},
            {"block: {code: big}",
             "f:4:19: rules[0].do[0].block.code: expected an integer from -2147483648 to "
             "2147483647"},
            {"mock: {}", "f:4:11: rules[0].do[0].mock: expected either result or error"},
            {"mock: {result: 7}", "f:4:20: rules[0].do[0].mock.result: expected a mapping"},
            {"mock: {error: {code: 1}}",
             "f:4:19: rules[0].do[0].mock.error: the key message is missing"},
            {"delay: {ms: 1, max_ms: 2}",
             "f:4:12: rules[0].do[0].delay: expected either ms, or min_ms and max_ms"},
            {"delay: {min_ms: 2, max_ms: 1}",
             "f:4:32: rules[0].do[0].delay.max_ms: expected an integer from 2 to 600000"},
            {"delay: {ms: 600001}",
             "f:4:17: rules[0].do[0].delay.ms: expected an integer from 0 to 600000"},
            {"throttle: {burst: 1}",
             "f:4:15: rules[0].do[0].throttle: expected either messages_per_second or "
             "bytes_per_second"},
            {"throttle: {bytes_per_second: 0}",
             "f:4:34: rules[0].do[0].throttle.bytes_per_second: expected a number from 0.001 to "
             "1e+12"},
            {"fault: melt",
             "f:4:12: rules[0].do[0].fault: expected one of close_stream, corrupt, kill_server"},
            {"break: {deadline_secs: 0}",
             "f:4:28: rules[0].do[0].break.deadline_secs: expected an integer from 1 to 86400"},
            {"break: {at_deadline: explode}",
             "f:4:26: rules[0].do[0].break.at_deadline: expected one of resume, drop"},
            {"log: {level: loud}",
             "f:4:18: rules[0].do[0].log.level: expected one of debug, info, warn, error"},
        },
        with_action);
}

TEST_CASE("a rules file that can't be read is refused by name") {
    sdk::Metrics metrics;
    sdk::Json config = {{"file", "/nonexistent/rules.yaml"}};
    std::vector<sdk::ConfigError> errors;
    const RulesOptions options(sdk::validate(RulesOptions::schema(), config, "", errors));
    CHECK_THROWS_WITH(RuleBook(options, metrics),
                      "/nonexistent/rules.yaml: can't be read: No such file or directory");
}
