// SPDX-License-Identifier: Apache-2.0
// Servers that ask in mid-call, and clients that come back with answers, as transcripts.
#include "core/bridge/to_sessions/bridge_stage.hpp"

#include <algorithm>

using namespace shadowcat::core;
using namespace shadowcat::core::bridge_test;

namespace {

std::string question(std::string_view id, std::string_view method, std::string_view params = "{}") {
    return sdk::make_request(id, method, params).bytes();
}

const std::string kElicit = question("100", "elicitation/create", R"({"message":"name?"})");
const std::string kSample = question("101", "sampling/createMessage", R"({"maxTokens":5})");
const std::string kRoots = question("\"r\"", "roots/list");

/// A call of a tool, possibly a retry. `more`: members of params.
std::string call(std::string_view id, std::string_view more = {},
                 std::string_view capabilities = kAll, std::string_view meta = {}) {
    std::string params = R"("name":"t","arguments":{"a":1})";
    if (!more.empty()) params.append(",").append(more);
    return request(id, "tools/call", params, capabilities, meta);
}

/// What a client brings back.
std::string brought(const Client& asked, std::string_view responses) {
    std::string text = R"("requestState":)" + asked.result("requestState");
    if (!responses.empty()) text.append(R"(,"inputResponses":)").append(responses);
    return text;
}

constexpr std::string_view kAccept = R"({"k1":{"action":"accept","content":{"n":1.50}}})";

/// A call that has been asked for a name.
class AskedStage : public BridgeStage {
public:
    explicit AskedStage(const BridgeSettings& how = BridgeSettings(), std::string_view meta = {})
        : BridgeStage(how), asked(perform(call("1", {}, kAll, meta))) {
        say(kElicit);
        until_done(asked);
    }

    Client& asked;
};

std::size_t input_count(const Lines& lines, std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        lines.begin(), lines.end(),
        [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

}  // namespace

TEST_CASE("a question ends the exchange, its answer goes on with the call") {
    AskedStage stage;
    CHECK(stage.asked.got.size() == 1);
    CHECK(stage.asked.result("resultType") == "\"input_required\"");
    CHECK(stage.asked.result("inputRequests") ==
          R"({"k1":{"method":"elicitation/create","params":{"message":"name?"}}})");
    CHECK(stage.asked.result("_meta").find("serverInfo") != std::string::npos);
    CHECK(stage.session().calls.size() == 1);
    Client& retry = stage.perform(call("2", brought(stage.asked, kAccept)));
    CHECK(stage.last() ==
          R"({"jsonrpc":"2.0","id":100,"result":{"action":"accept","content":{"n":1.50}}})");
    CHECK_FALSE(retry.done);
    stage.answer(R"({"content":[]})");
    CHECK(retry.done);
    CHECK(retry.got.size() == 1);
    CHECK(retry.result("resultType") == "\"complete\"");
    CHECK(retry.got[0].find(R"("id":2,)") != std::string::npos);
    CHECK(input_count(stage.session().got, "tools/call") == 1);
}

TEST_CASE("questions that arrive together are asked together") {
    BridgeStage stage;
    Client& client = stage.perform(call("1"));
    stage.say_together({kElicit, kSample, kRoots});
    stage.until_done(client);
    CHECK(
        client.result("inputRequests") ==
        R"({"k1":{"method":"elicitation/create","params":{"message":"name?"}},)"
        R"("k2":{"method":"sampling/createMessage","params":{"maxTokens":5}},"k3":{"method":"roots/list","params":{}}})");
    stage.perform(call(
        "2",
        brought(client, R"({"k3":{"roots":[]},"k1":{"action":"decline"},"k2":{"model":"m"}})")));
    const Lines& got = stage.session().got;
    CHECK(Lines(got.end() - 3, got.end()) ==
          Lines{R"({"jsonrpc":"2.0","id":100,"result":{"action":"decline"}})",
                R"({"jsonrpc":"2.0","id":101,"result":{"model":"m"}})",
                R"({"jsonrpc":"2.0","id":"r","result":{"roots":[]}})"});
}

TEST_CASE("an answer that is missing is asked for again; one that nobody asked for is ignored") {
    BridgeStage stage;
    Client& first = stage.perform(call("1"));
    stage.say_together({kElicit, kRoots});
    stage.until_done(first);
    Client& second = stage.perform(
        call("2", brought(first, R"({"k2":{"roots":[]},"wrong":{"action":"accept"}})")));
    stage.until_done(second);
    CHECK(stage.last() == R"({"jsonrpc":"2.0","id":"r","result":{"roots":[]}})");
    CHECK(second.result("resultType") == "\"input_required\"");
    CHECK(second.result("inputRequests") ==
          R"({"k1":{"method":"elicitation/create","params":{"message":"name?"}}})");
    CHECK(second.result("requestState") != first.result("requestState"));
    Client& third = stage.perform(call("3", brought(second, "")));
    stage.until_done(third);
    CHECK(third.result("resultType") == "\"input_required\"");
    Client& fourth = stage.perform(call("4", brought(third, kAccept)));
    stage.answer("{}");
    CHECK(fourth.result("resultType") == "\"complete\"");
}

TEST_CASE("a server may ask in several rounds, with keys of their own") {
    AskedStage stage;
    Client& second = stage.perform(call("2", brought(stage.asked, kAccept)));
    stage.say(question("102", "elicitation/create", R"({"message":"and age?"})"));
    stage.until_done(second);
    CHECK(second.result("inputRequests") ==
          R"({"k2":{"method":"elicitation/create","params":{"message":"and age?"}}})");
    Client& third = stage.perform(call("3", brought(second, R"({"k2":{"action":"accept"}})")));
    CHECK(stage.last() == R"({"jsonrpc":"2.0","id":102,"result":{"action":"accept"}})");
    stage.answer("{}");
    CHECK(third.result("resultType") == "\"complete\"");
}

TEST_CASE("rounds are bounded") {
    BridgeSettings settings;
    settings.max_input_rounds = 1;
    AskedStage stage(settings);
    Client& second = stage.perform(call("2", brought(stage.asked, kAccept)));
    stage.say(kElicit);
    stage.until_done(second);
    REQUIRE(second.failure);
    CHECK(second.failure->code() == sdk::ErrorCode::protocol);
    CHECK(stage.last().find("notifications/cancelled") != std::string::npos);
    CHECK(input_count(stage.session().got, R"({"action":"cancel"})") == 1);
}

TEST_CASE("a state is good once: of two retries the first wins") {
    AskedStage stage;
    const std::string back = brought(stage.asked, kAccept);
    Client& first = stage.perform(call("2", back));
    Client& second = stage.perform(call("3", back));
    CHECK(second.error("code") == "-32602");
    CHECK_FALSE(second.failure);
    stage.answer("{}");
    CHECK(first.result("resultType") == "\"complete\"");
    Client& third = stage.perform(call("4", back));
    CHECK(third.error("code") == "-32602");
    CHECK(input_count(stage.session().got, "\"id\":100") == 1);
}

TEST_CASE("a state is refused when altered, and with another request or principal") {
    AskedStage stage;
    const std::string state = sdk::json::unquote(stage.asked.result("requestState"));
    const auto with_state = [](std::string_view text) {
        return R"("requestState":")" + std::string(text) + R"(","inputResponses":)" +
               std::string(kAccept);
    };
    std::string altered = state;
    altered[20] = altered[20] == 'A' ? 'B' : 'A';
    const std::string params = R"("name":"t","arguments":{"a":1},)" + with_state(state);
    const std::string other = R"("name":"t","arguments":{"a":2},)" + with_state(state);
    const std::vector<std::pair<std::string, std::string>> attempts = {
        {call("2", with_state(altered)), "alice"},
        {call("2", with_state(state + "-TAMPERED")), "alice"},
        {call("2", with_state("")), "alice"},
        {call("2", R"("requestState":7)"), "alice"},
        {call("2", with_state(state)), "bob"},
        {call("2", with_state(state)), ""},
        {request("2", "tools/call", other, kAll), "alice"},
        {request("2", "prompts/get", params, kAll), "alice"}};
    for (const auto& [text, principal] : attempts) {
        CAPTURE(text);
        Client& client = stage.perform(text, principal);
        CHECK(client.error("code") == "-32602");
        CHECK(client.got.at(0).find(R"("id":2,)") != std::string::npos);
    }
    CHECK(input_count(stage.session().got, "\"id\":100") == 0);
    Client& right = stage.perform(call("3", with_state(state)));
    CHECK(input_count(stage.session().got, "\"id\":100") == 1);
    stage.answer("{}");
    CHECK(right.result("resultType") == "\"complete\"");
}

TEST_CASE("malformed answers are refused and leave the call as it is") {
    AskedStage stage;
    for (const std::string_view responses : {"[]", R"({"k1":"accept"})", "7"}) {
        Client& client = stage.perform(call("2", brought(stage.asked, responses)));
        CHECK(client.error("code") == "-32602");
    }
    Client& right = stage.perform(call("3", brought(stage.asked, kAccept)));
    stage.answer("{}");
    CHECK(right.result("resultType") == "\"complete\"");
}

TEST_CASE("answers without a state belong to a fresh call") {
    BridgeStage stage;
    Client& client = stage.perform(call("1", R"("inputResponses":{"k1":{}})"));
    CHECK(
        stage.last() ==
        R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t","arguments":{"a":1},"_meta":{}}})");
    stage.say(kElicit);
    stage.until_done(client);
    CHECK(client.result("resultType") == "\"input_required\"");
}

TEST_CASE("nobody comes back: the server is told, the state expires") {
    AskedStage stage;
    stage.later(std::chrono::seconds(299));
    CHECK(stage.session().calls.size() == 1);
    stage.later(std::chrono::seconds(301));
    const Lines& got = stage.session().got;
    CHECK(
        Lines(got.end() - 2, got.end()) ==
        Lines{R"({"jsonrpc":"2.0","id":100,"result":{"action":"cancel"}})",
              R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}})"});
    CHECK(stage.session().calls.empty());
    Client& late = stage.perform(call("2", brought(stage.asked, kAccept)));
    CHECK(late.error("code") == "-32602");
    CHECK(input_count(stage.session().got, "tools/call") == 1);
}

TEST_CASE("a client that goes after it was asked has not cancelled; with its retry it has") {
    AskedStage stage;
    stage.cancel(stage.asked);
    CHECK(stage.session().calls.size() == 1);
    Client& retry = stage.perform(call("2", brought(stage.asked, kAccept)));
    stage.cancel(retry);
    CHECK(retry.done);
    CHECK(retry.got.empty());
    CHECK(stage.session().calls.empty());
    CHECK(stage.last().find("notifications/cancelled") != std::string::npos);
}

TEST_CASE("progress goes to the token of the retry, logs by its level") {
    AskedStage stage(BridgeSettings(), R"("progressToken":"one")");
    const auto progress = [](std::string_view token) {
        return R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" +
               std::string(token) + R"(,"progress":1}})";
    };
    const std::string line =
        R"({"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}})";
    Client& retry =
        stage.perform(call("2", brought(stage.asked, kAccept), kAll,
                           R"("progressToken":2,"io.modelcontextprotocol/logLevel":"info")"));
    CHECK(input_count(stage.session().got, "logging/setLevel") == 1);
    stage.say(progress("2"));
    stage.say(line);
    CHECK(retry.got == Lines{progress("2"), line});
    CHECK(stage.asked.got.size() == 1);
}

TEST_CASE("what a parked call says meanwhile, and its end, wait for the retry") {
    AskedStage stage;
    stage.answer(R"({"done":1})");
    CHECK(stage.session().calls.empty());
    Client& retry = stage.perform(call("2", brought(stage.asked, kAccept)));
    CHECK(retry.done);
    CHECK(retry.result("done") == "1");
    CHECK(input_count(stage.session().got, "\"id\":100") == 0);
}

TEST_CASE("a question that the server withdraws is not asked") {
    BridgeStage stage;
    Client& client = stage.perform(call("1"));
    stage.say_together(
        {kElicit,
         R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":100}})",
         kRoots});
    stage.until_done(client);
    CHECK(client.result("inputRequests") == R"({"k2":{"method":"roots/list","params":{}}})");
}

TEST_CASE("a response overtakes the questions that were still being collected") {
    BridgeStage stage;
    Client& client = stage.perform(call("1"));
    stage.say_together({kElicit, R"({"jsonrpc":"2.0","id":2,"result":{"done":1}})"});
    CHECK(client.done);
    CHECK(client.result("done") == "1");
}

TEST_CASE("what the client has not declared: the server is refused, the client told") {
    BridgeStage stage;
    Client& client = stage.perform(call("1", {}, R"({"elicitation":{"form":{}}})"));
    stage.say(question("5", "elicitation/create", R"({"mode":"url","url":"https://x"})"));
    CHECK(client.done);
    CHECK_FALSE(client.failure);
    CHECK(client.error("code") == "-32021");
    CHECK(client.error("data") == R"({"requiredCapabilities":{"elicitation":{"url":{}}}})");
    const Lines& got = stage.session().got;
    CHECK(got.at(got.size() - 2).find(R"("id":5,"error":{"code":-32602)") != std::string::npos);
    CHECK(got.back().find("notifications/cancelled") != std::string::npos);
}

TEST_CASE("once the client has got something, only the server is refused") {
    BridgeStage stage;
    Client& client = stage.perform(call("1", {}, "{}", R"("progressToken":1)"));
    stage.say(
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2,"progress":1}})");
    stage.say(kSample);
    CHECK(stage.last().find(R"("id":101,"error":{"code":-32601)") != std::string::npos);
    stage.answer(R"({"without":1})");
    CHECK(client.result("without") == "1");
}

TEST_CASE("questions along with other methods are refused, or belong to the call that runs") {
    BridgeStage stage;
    Client& list = stage.perform(request("1", "tools/list", "", kAll));
    stage.say(kElicit);
    CHECK(stage.last().find(R"("id":100,"error":{"code":-32602)") != std::string::npos);
    const auto listing = stage.session().calls.back();
    Client& asked = stage.perform(call("2"));
    stage.say_along(listing, kRoots);
    stage.until_done(asked);
    CHECK(asked.result("inputRequests") == R"({"k1":{"method":"roots/list","params":{}}})");
    CHECK_FALSE(list.done);
    CHECK(list.got.empty());
}

TEST_CASE("a question on the session's own stream belongs to the call that runs") {
    BridgeStage stage;
    stage.perform(request("0", "server/discover", "", kAll));
    stage.announce(kElicit);
    CHECK(stage.last().find(R"("id":100,"error":{"code":-32602)") != std::string::npos);
    Client& asked = stage.perform(call("1"));
    stage.announce(kRoots);
    stage.until_done(asked);
    CHECK(asked.result("inputRequests") == R"({"k1":{"method":"roots/list","params":{}}})");
    stage.perform(call("2", brought(asked, R"({"k1":{"roots":[]}})")));
    CHECK(stage.last() == R"({"jsonrpc":"2.0","id":"r","result":{"roots":[]}})");
}

TEST_CASE("a session whose client can't be asked, and doesn't listen, has no stream open") {
    BridgeStage stage;
    stage.perform(request("1", "tools/list", ""));
    CHECK(stage.session().listened == 0);
}

TEST_CASE("prompts and resources can be asked too") {
    BridgeStage stage;
    for (const std::string_view method : {"prompts/get", "resources/read"}) {
        Client& client = stage.perform(request("1", method, R"("name":"p","uri":"u")", kAll));
        stage.say(kElicit);
        stage.until_done(client);
        CHECK(client.result("resultType") == "\"input_required\"");
        Client& retry = stage.perform(
            request("2", method, R"("name":"p","uri":"u",)" + brought(client, kAccept), kAll));
        stage.answer("{}");
        CHECK(retry.result("resultType") == "\"complete\"");
    }
}

TEST_CASE("too many calls that wait are refused") {
    BridgeSettings settings;
    settings.max_parked = 1;
    AskedStage stage(settings);
    Client& client = stage.perform(call("2"));
    stage.say(question("200", "elicitation/create"));
    stage.until_done(client);
    REQUIRE(client.failure);
    CHECK(client.failure->code() == sdk::ErrorCode::unavailable);
    CHECK(stage.session().calls.size() == 1);
    CHECK(input_count(stage.session().got, R"("id":200,"result":{"action":"cancel"})") == 1);
}

TEST_CASE("an anonymous call keeps its session while it is parked") {
    BridgeStage stage;
    Client& client = stage.perform(call("1"), "");
    stage.say(kElicit);
    stage.until_done(client);
    CHECK_FALSE(stage.session().ended);
    Client& retry = stage.perform(call("2", brought(client, kAccept)), "");
    CHECK(stage.service.sessions.size() == 1);
    stage.answer("{}");
    CHECK(retry.result("resultType") == "\"complete\"");
    CHECK(stage.session().ended);
}

TEST_CASE("parked calls end with the bridge") {
    AskedStage stage;
    stage.stop();
    CHECK(stage.session().ended);
    CHECK(stage.session().calls.empty());
}

namespace {

const std::string kVisit =
    R"({"jsonrpc":"2.0","id":2,"error":{"code":-32042,"message":"m","data":{"elicitations":[{"mode":"url","elicitationId":"e","url":"https://a","message":"A"}]}}})";

}  // namespace

TEST_CASE("URLs to visit become input requests; the call is sent anew afterwards") {
    BridgeStage stage;
    Client& client = stage.perform(call("1"));
    stage.say(kVisit);
    CHECK(client.done);
    CHECK(client.result("resultType") == "\"input_required\"");
    CHECK(
        client.result("inputRequests") ==
        R"({"k1":{"method":"elicitation/create","params":{"mode":"url","url":"https://a","message":"A"}}})");
    CHECK(stage.session().calls.empty());
    Client& nothing = stage.perform(call("2", brought(client, "")));
    CHECK(nothing.result("resultType") == "\"input_required\"");
    CHECK(nothing.result("inputRequests") == client.result("inputRequests"));
    CHECK(stage.session().calls.empty());
    const std::string back = brought(nothing, R"({"k1":{"action":"accept"}})");
    Client& retry = stage.perform(call("3", back));
    CHECK(input_count(stage.session().got, "tools/call") == 2);
    stage.answer("{}");
    CHECK(retry.result("resultType") == "\"complete\"");
    Client& replayed = stage.perform(call("4", back));
    CHECK(replayed.error("code") == "-32602");
    CHECK(input_count(stage.session().got, "tools/call") == 2);
}

TEST_CASE("a visit that is declined is a result that says so") {
    BridgeStage stage;
    Client& client = stage.perform(call("1"));
    stage.say(kVisit);
    Client& declined = stage.perform(call("2", brought(client, R"({"k1":{"action":"decline"}})")));
    CHECK(declined.result("isError") == "true");
    CHECK(declined.result("resultType") == "\"complete\"");
    CHECK(input_count(stage.session().got, "tools/call") == 1);
}

TEST_CASE("a client that can't visit URLs is told what it would need") {
    BridgeStage stage;
    Client& client = stage.perform(call("1", {}, R"({"elicitation":{}})"));
    stage.say(kVisit);
    CHECK(client.error("code") == "-32021");
    CHECK(client.error("data") == R"({"requiredCapabilities":{"elicitation":{"url":{}}}})");
    Client& other = stage.perform(request("2", "tools/list", "", R"({"elicitation":{}})"));
    stage.say(R"({"jsonrpc":"2.0","id":3,"error":{"code":-32042,"message":"m"}})");
    CHECK(other.error("code") == "-32603");
}

TEST_CASE("a server that sends to URLs for ever is given up") {
    BridgeSettings settings;
    settings.max_input_rounds = 2;
    BridgeStage stage(settings);
    const std::string accept = R"({"k1":{"action":"accept"}})";
    Client* client = &stage.perform(call("1"));
    for (int id = 2; id <= 4; ++id) {
        const std::string own(stage.session().calls.back()->request.id());
        std::string refusal = kVisit;
        refusal.replace(refusal.find("\"id\":2"), 6, "\"id\":" + own);
        stage.say(refusal);
        if (client->failure) break;
        client = &stage.perform(call(std::to_string(id), brought(*client, accept)));
    }
    REQUIRE(client->failure);
    CHECK(client->failure->code() == sdk::ErrorCode::protocol);
    CHECK(input_count(stage.session().got, "tools/call") == 3);
}
