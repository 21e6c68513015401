// SPDX-License-Identifier: Apache-2.0
// The example file that the README points at is one that works; and what rules cost.
#include "rules/testing.hpp"

#include <cstdio>
#include <sstream>

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;

namespace {

std::string example_text() {
    std::ifstream file(SHADOWCAT_RULES_EXAMPLE);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

sdk::awaitable<> pass_many(sdk::Interceptor& interceptor, sdk::Message message,
                           sdk::MessageContext context, int times) {
    for (int i = 0; i < times; ++i) {
        const sdk::Verdict verdict = co_await interceptor.on_message(message, context);
        CHECK_FALSE(verdict.kind() == sdk::Verdict::Kind::drop);
    }
}

/// Nanoseconds for each of many passages of `bytes`.
double cost_of(const std::string& rules, const std::string& bytes) {
    constexpr int kTimes = 200'000;
    Scene scene(rules);
    const sdk::Message message = sdk::Message::parse(bytes).value();
    const sdk::TimePoint start = sdk::Clock::now();
    sdk::spawn_logged(scene.worker,
                      pass_many(*scene.interceptor, message, Scene::usual(message), kTimes), "t");
    scene.worker.run();
    return std::chrono::duration<double, std::nano>(sdk::Clock::now() - start).count() / kTimes;
}

std::string ten_rules(const std::string& match) {
    std::string rules = "rules:\n";
    for (int i = 0; i < 10; ++i) {
        const std::string number = std::to_string(i);
        rules += "- {name: r" + number + ", match: " + match + ", do: [drop]}\n";
    }
    return rules;
}

}  // namespace

TEST_CASE("every rule of the example file is read") {
    Problems problems;
    const auto rules = read_rules(example_text(), 100, problems);
    if (!problems.empty()) FAIL(summary("rules-example.yaml", problems));
    std::set<std::string> kinds;
    for (const Rule& rule : *rules)
        for (const auto& action : rule.actions)
            kinds.insert(std::string(name_of(action->kind())));
    CHECK(kinds.size() == static_cast<std::size_t>(ActionKind::count));
}

TEST_CASE("as the example stands, nothing is changed: only its first rule is enabled") {
    Scene scene(example_text());
    CHECK(scene.pass(kCall).text() == "pass: " + kCall);
    CHECK(scene.pass(kResult).text() == "pass: " + kResult);
}

// Not run by itself: `test-intercept-rules -ns -tc='what rules cost*'`.
TEST_CASE("what rules cost that don't match" * doctest::skip()) {
    const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
    std::printf("no rules                         %6.0f ns\n", cost_of("rules: []", kCall));
    std::printf("10 of another method             %6.0f ns\n",
                cost_of(ten_rules("{method: tools/call, tool: x}"), ping));
    std::printf("10 of another direction          %6.0f ns\n",
                cost_of(ten_rules("{direction: server_to_client}"), kCall));
    std::printf("10 of the method, another tool   %6.0f ns\n",
                cost_of(ten_rules("{method: tools/call, tool: x}"), kCall));
    std::printf("10 of the tool, another argument %6.0f ns\n",
                cost_of(ten_rules("{tool: echo, params: {/params/arguments/path: x}}"), kCall));
    std::printf("10 expressions for the method    %6.0f ns\n",
                cost_of(ten_rules("{method: /^prompts/}"), kCall));
}
