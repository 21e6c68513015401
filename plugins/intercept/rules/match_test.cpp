// SPDX-License-Identifier: Apache-2.0
// Every matcher: which messages it takes, and which it leaves.
#include "rules/testing.hpp"

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;

namespace {

bool matched(const std::string& match, const std::string& bytes,
             std::optional<sdk::MessageContext> context = std::nullopt) {
    Scene scene(one_rule(match, "[drop]"));
    return scene.pass(bytes, std::move(context)).kind() == sdk::Verdict::Kind::drop;
}

class Case {
public:
    const char* match;
    const std::string& bytes;
    bool matches;
};

}  // namespace

TEST_CASE("matchers of what a message is") {
    const std::string ping = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
    const Case table[] = {
        {"{}", kCall, true},
        {"{}", kError, true},
        {"{direction: client_to_server}", kCall, true},
        {"{direction: client_to_server}", kResult, false},
        {"{direction: server_to_client}", kResult, true},
        {"{kind: request}", kCall, true},
        {"{kind: request}", kResult, false},
        {"{kind: [result, error]}", kError, true},
        {"{kind: [result, error]}", kNotification, false},
        {"{method: tools/call}", kCall, true},
        {"{method: tools/call}", ping, false},
        {"{method: tools/call}", kResult, true},  // it answers one
        {"{method: tools/call}", kNotification, false},
        {"{method: [ping, 'tools/*']}", kCall, true},
        {"{method: [ping, 'tools/*']}", ping, true},
        {"{method: '/progress$/'}", kNotification, true},
        {"{method: '/progress$/'}", kCall, false},
        {"{tool: echo}", kCall, true},
        {"{tool: echo}", kError, true},
        {"{tool: 'e?ho'}", kCall, true},
        {"{tool: other}", kCall, false},
        {"{tool: '*'}", ping, false},
        {"{tool: echo, method: ping}", kCall, false},
        {"{name: [x, echo]}", kCall, true},
        {"{name: x}", kCall, false},
        {"{session: 's-*'}", kCall, true},
        {"{session: t-1}", kCall, false},
        {"{upstream: primary}", kCall, true},
        {"{upstream: secondary}", kCall, false},
        {"{revision: 2025-11-25}", kCall, true},
        {"{revision: '2026-*'}", kCall, false},
        {"{era: session}", kCall, true},
        {"{era: stateless}", kCall, false},
    };
    for (const Case& each : table) {
        CAPTURE(each.match);
        CAPTURE(each.bytes);
        CHECK(matched(each.match, each.bytes) == each.matches);
    }
}

TEST_CASE("matchers of what a message holds") {
    const Case table[] = {
        {"{params: {/params/arguments/path: /etc/passwd}}", kCall, true},
        {"{params: {/params/arguments/path: /etc}}", kCall, false},
        {"{params: {/params/arguments/path: {matches: '^/etc'}}}", kCall, true},
        {"{params: {/params/arguments/path: {matches: ^etc}}}", kCall, false},
        {"{params: {/params/arguments/n: {matches: '1'}}}", kCall, false},
        {"{params: {/params/arguments/n: 12345678901234567890}}", kCall, true},
        {"{params: {/params/arguments/n: 12345678901234567891}}", kCall, false},
        {"{params: {/params/arguments/n: '12345678901234567890'}}", kCall, false},
        {"{params: {/params/arguments/n: {gt: 12345678901234567889}}}", kCall, true},
        {"{params: {/params/arguments/n: {gt: 12345678901234567890}}}", kCall, false},
        {"{params: {/params/arguments/n: {gte: 12345678901234567890, lt: 2e19}}}", kCall, true},
        {"{params: {/params/arguments/n: {lte: 5}}}", kCall, false},
        {"{params: {/params/arguments/path: {lt: 5}}}", kCall, false},
        {"{params: {/params/arguments/list: {equals: [1, 2]}}}", kCall, true},
        {"{params: {/params/arguments/list: {equals: [2, 1]}}}", kCall, false},
        {"{params: {/params/arguments/list/1: {one_of: [3, 2]}}}", kCall, true},
        {"{params: {/params/x-unknown: true}}", kCall, true},
        {"{params: {/params/x-unknown: {exists: true}}}", kCall, true},
        {"{params: {/params/x-unknown: {exists: false}}}", kCall, false},
        {"{params: {/params/nothing: {exists: false}}}", kCall, true},
        {"{params: {/params/nothing: null}}", kCall, false},
        {"{params: {/params/nothing: {exists: true}}}", kCall, false},
        {"{params: {/result/isError: false}}", kResult, true},
        {"{params: {/result/isError: true}}", kResult, false},
        {"{params: {/error/code: {gte: -32700, lte: -32600}}}", kError, true},
        {"{params: {/id: 7}}", kError, false},
        {"{params: {/id: '7'}}", kError, true},
        {"{any: [{tool: x}, {kind: request, tool: echo}]}", kCall, true},
        {"{any: [{tool: x}, {kind: request, tool: echo}]}", kResult, false},
        {"{not: {tool: echo}}", kCall, false},
        {"{not: {tool: x}}", kCall, true},
        {"{tool: echo, not: [{kind: result}, {kind: error}]}", kCall, true},
        {"{tool: echo, not: [{kind: result}, {kind: error}]}", kResult, false},
        {"{not: {params: {/params/arguments/path: {matches: '^/tmp/'}}}}", kCall, true},
    };
    for (const Case& each : table) {
        CAPTURE(each.match);
        CHECK(matched(each.match, each.bytes) == each.matches);
    }
}

TEST_CASE("spaces, escapes and repeated keys hide nothing from a rule") {
    const std::string match =
        "{method: tools/call, params: {/params/arguments/path: {matches: ^/etc}}}";
    const auto call = [](const std::string& arguments) {
        return "\n "
               R"({ "id":7, "jsonrpc":"2.0", "method" : "tools\/call", "params":{"name":"x",)"
               R"("argu\u006dents": )" +
               arguments + "} }";
    };
    CHECK(matched(match, call(R"({"path":"\/etc"})")));
    CHECK(matched(match, call(R"({"p\u0061th":"\u002fetc"})")));
    CHECK(matched(match, call(R"({"path":"/tmp","path":"/etc"})")));
    CHECK_FALSE(matched(match, call(R"({"path":"/tmp"})")));
}

TEST_CASE("a stateless request, and a client's answer to a server, are told apart") {
    const sdk::Message call = sdk::Message::parse(kCall).value();
    sdk::MessageContext stateless = Scene::usual(call);
    stateless.era = sdk::Era::stateless;
    stateless.revision = "2026-07-28";
    CHECK(matched("{era: stateless, revision: '2026*'}", kCall, stateless));
    sdk::MessageContext upwards(sdk::Direction::client_to_server, "s-1", "primary");
    upwards.method = "tools/call";
    CHECK(matched("{kind: result, direction: client_to_server}", kResult, upwards));
    CHECK_FALSE(matched("{method: tools/call}", kResult, upwards));
}

TEST_CASE("every, times and probability thin out what matches") {
    const auto acted_on = [](const std::string& match, int messages) {
        Scene scene(one_rule(match, "[drop]"));
        std::string marks;
        for (int i = 0; i < messages; ++i)
            marks += scene.pass(kCall).kind() == sdk::Verdict::Kind::drop ? 'x' : '.';
        return marks;
    };
    CHECK(acted_on("{every: 3}", 7) == "..x..x.");
    CHECK(acted_on("{times: 2}", 5) == "xx...");
    CHECK(acted_on("{every: 2, times: 1}", 6) == ".x....");
    CHECK(acted_on("{probability: 0}", 20) == std::string(20, '.'));
    CHECK(acted_on("{probability: 1}", 20) == std::string(20, 'x'));
    const std::string half = acted_on("{probability: 0.5}", 200);
    const auto hits = std::count(half.begin(), half.end(), 'x');
    CHECK(hits > 70);
    CHECK(hits < 130);
    CHECK(acted_on("{probability: 0.5}", 200) == half);  // the seed is the same
}

TEST_CASE("a disabled rule does nothing") {
    Scene scene("rules: [{name: r, enabled: false, do: [drop]}]");
    CHECK(scene.pass(kCall).kind() == sdk::Verdict::Kind::pass);
}
