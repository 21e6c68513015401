// SPDX-License-Identifier: Apache-2.0
// One client on stdio that speaks in a session, without one, or in batches.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

const std::string kInitialized = R"({"jsonrpc":"2.0","method":"notifications/initialized"})";

std::string initialize(const std::string& version) {
    return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
           version + R"(","capabilities":{},"clientInfo":{"name":"x","version":"1"}}})";
}

std::string echo(int id, const std::string& text, const Json& meta = nullptr) {
    Json params = {{"name", "echo"}, {"arguments", {{"message", text}}}};
    if (!meta.is_null()) params["_meta"] = meta;
    return Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", "tools/call"}, {"params", params}}
        .dump();
}

Json stateless(const std::string& version = "2026-07-28") {
    return {{"io.modelcontextprotocol/protocolVersion", version},
            {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
}

class Forward {
public:
    explicit Forward(std::vector<std::string> options = {}) : proxy_(command(std::move(options))) {}

    void say(const std::string& line) { proxy_.write(line + "\n"); }
    Json hear() {
        const auto line = proxy_.read_line();
        REQUIRE(line.has_value());
        return Json::parse(*line);
    }
    Json ask(const std::string& line) {
        say(line);
        return hear();
    }
    std::string end() {
        proxy_.close_stdin();
        return proxy_.wait_exit();
    }

private:
    static std::vector<std::string> command(std::vector<std::string> options) {
        std::vector<std::string> whole = {kShadowcat, "forward"};
        whole.insert(whole.end(), options.begin(), options.end());
        whole.insert(whole.end(), {"--", kDemoServer});
        return whole;
    }

    Process proxy_;
};

}  // namespace

TEST_CASE(
    "a batch of 2025-03-26 is answered with one line, whatever the server thinks of batches") {
    Forward client;
    CHECK(client.ask(initialize("2025-03-26")).at("result").at("protocolVersion") == "2025-03-26");
    client.say(kInitialized);
    const Json answers = client.ask("[" + echo(1, "one") + "," + echo(2, "two") + "]");
    REQUIRE(answers.is_array());
    REQUIRE(answers.size() == 2);
    const Json& first = answers[0].at("id") == 1 ? answers[0] : answers[1];
    CHECK(text_of(first) == "one");
    CHECK(text_of(client.ask("[" + echo(3, "alone") + "]")) == "alone");
    CHECK(client.end() == "exit 0");
}

TEST_CASE("sessions of other revisions have no batches") {
    Forward client;
    client.ask(initialize("2025-06-18"));
    client.say(kInitialized);
    CHECK(client.ask("[" + echo(1, "one") + "]").at("error").at("code") == -32600);
    CHECK(text_of(client.ask(echo(2, "two"))) == "two");
}

TEST_CASE("with --translate a client may do without a session, at the same time as with one") {
    Forward client({"--translate"});
    CHECK(text_of(client.ask(echo(1, "before", stateless()))) == "before");
    CHECK(client.ask(initialize("2025-06-18")).at("result").at("protocolVersion") == "2025-06-18");
    client.say(kInitialized);
    CHECK(text_of(client.ask(echo(2, "within"))) == "within");
    const Json beside = client.ask(echo(3, "beside", stateless()));
    CHECK(text_of(beside) == "beside");
    CHECK(beside.at("result").at("resultType") == "complete");
    CHECK(client.end() == "exit 0");
}

TEST_CASE("with --translate what breaks the rules of 2026-07-28 is answered by the proxy") {
    Forward client({"--translate"});
    const Json refused = client.ask(echo(1, "x", stateless("2027-01-01")));
    CHECK(refused.at("id") == 1);
    CHECK(refused.at("error").at("code") == -32022);
    CHECK(refused.at("error").at("data").at("requested") == "2027-01-01");
    const Json lacking = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"}};
    CHECK(client.ask(echo(2, "x", lacking)).at("error").at("code") == -32602);
    CHECK(text_of(client.ask(echo(3, "x", stateless()))) == "x");
    CHECK(client.end() == "exit 0");
}
