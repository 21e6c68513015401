// SPDX-License-Identifier: Apache-2.0
// forward between two pipes: as if it weren't there.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"
#include "harness/stdio_client.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace integration;

namespace {

std::vector<std::string> forward(std::vector<std::string> command) {
    command.insert(command.begin(), {kShadowcat, "forward", "--"});
    return command;
}

std::string content_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// A server that writes down each line it gets and answers with the next line of a script. No
/// parser touches either.
std::vector<std::string> scripted_server(const std::string& script, const std::string& heard) {
    return {"/bin/sh", "-c",
            "exec 3<\"$0\"; while IFS= read -r line; do printf '%s\\n' \"$line\" >>\"$1\"; "
            "IFS= read -r answer <&3 && printf '%s\\n' \"$answer\"; done",
            script, heard};
}

/// Nothing here is what a JSON library would write.
const std::vector<std::string> kOddRequests = {
    R"({ "jsonrpc" : "2.0" ,"id":1,  "method":"tools/list" , "params" : { } })",
    R"({"id":"\u0061b","method":"x/y","jsonrpc":"2.0","params":{"n":1.0e5,"m":-0,"z":1E400}})",
    R"({"jsonrpc":"2.0","method":"tools/call","id":9007199254740993,"params":{"name":"a\/b"}})",
    R"({"jsonrpc":"2.0","id":-7,"method":"m","params":{"deep":{"k":1,"k":2}},"extra":[1,  2]})",
    "\t{\"jsonrpc\":\"2.0\",\"id\":\"\xc3\xa4\",\"method\":\"caf\xc3\xa9\"}  ",
    R"({"jsonrpc":"2.0","id":0,"method":"m","params":{"big":123456789012345678901234567890}})"};

const std::vector<std::string> kOddAnswers = {
    R"({ "jsonrpc" : "2.0" ,"id":1,  "result" : { "tools" : [ ] } })",
    R"({"result":{"n":1.0e5,"m":-0,"z":1E400},"id":"\u0061b","jsonrpc":"2.0"})",
    R"({"jsonrpc":"2.0","id":9007199254740993,"error":{"code":-32000.0,"message":"\u00e4\/"}})",
    R"({"jsonrpc":"2.0","id":-7,"result":{"k":1,"k":2},"extra":[1,  2]})",
    "{\"jsonrpc\":\"2.0\",\"id\":\"\xc3\xa4\",\"result\":{\"text\":\"caf\xc3\xa9\"}}",
    R"({"jsonrpc":"2.0","id":0,"result":{"big":123456789012345678901234567890}})"};

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

}  // namespace

TEST_CASE("no byte of any line changes on its way, in either direction") {
    const TemporaryFile script(joined(kOddAnswers), ".script"), heard("", ".heard");
    Process proxy(forward(scripted_server(script.path(), heard.path())));
    for (std::size_t i = 0; i < kOddRequests.size(); ++i) {
        proxy.write(kOddRequests[i] + "\n");
        const auto answer = proxy.read_line();
        REQUIRE(answer.has_value());
        CHECK(*answer == kOddAnswers[i]);
    }
    proxy.close_stdin();
    CHECK(proxy.read_to_end().empty());
    CHECK(proxy.wait_exit() == "exit 0");
    std::istringstream lines(content_of(heard.path()));
    for (const std::string& sent : kOddRequests) {
        std::string line;
        std::getline(lines, line);
        CHECK(line == sent);
    }
}

TEST_CASE("a whole conversation reads as if the client talked to the server") {
    std::string input =
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
        R"("capabilities":{},"clientInfo":{"name":"x","version":"1"}}})"
        "\n"
        R"({"jsonrpc":"2.0","method":"notifications/initialized"})"
        "\n"
        R"({"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"demo://counter"}})"
        "\n";
    for (int id = 2; id < 200; ++id) {
        const char* tool = id % 3 == 0 ? "bump" : id % 3 == 1 ? "echo" : "log";
        input += R"({"jsonrpc": "2.0", "id":)" + std::to_string(id) +
                 R"(,"method":"tools/call","params":{"name":")" + tool +
                 R"(","arguments":{"message":")" + std::to_string(id) + R"("}}})" + "\n";
    }
    input += R"({"jsonrpc":"2.0","id":"p","method":"ping"})"
             "\n"
             R"({"jsonrpc":"2.0","id":"u","method":"no/such/method"})"
             "\n";
    const Finished direct({kDemoServer}, input);
    const Finished through(forward({kDemoServer}), input);
    CHECK(direct.exit == "exit 0");
    CHECK(through.exit == "exit 0");
    CHECK(std::ranges::count(direct.output, '\n') > 300);
    const bool same = through.output == direct.output;
    CHECK_MESSAGE(same, through.output);
}

TEST_CASE("the end of stdin ends everything with exit code 0") {
    StdioClient client(forward({kDemoServer}));
    client.initialize();
    const auto children = children_of(client.process().pid());
    REQUIRE(children.size() == 1);
    CHECK(client.finish() == "exit 0");
    CHECK(client.rest.empty());
    CHECK_FALSE(is_running(children[0].pid));
}

TEST_CASE("what is in flight at the end of stdin is still answered") {
    StdioClient client(forward({kDemoServer}));
    client.initialize();
    client.call_tool(5, "slow", {{"steps", 3}, {"delay_ms", 50}});
    CHECK(client.finish() == "exit 0");
    CHECK(text_of(Json::parse(client.rest)) == "done after 3 steps");
}

TEST_CASE("progress, questions and cancellations cross") {
    StdioClient client(forward({kDemoServer}));
    client.initialize({{"sampling", Json::object()}});
    client.call_tool(1, "slow", {{"steps", 3}, {"delay_ms", 1}}, "token");
    CHECK(text_of(client.answer_to(1)) == "done after 3 steps");
    REQUIRE(client.heard.size() == 3);
    CHECK(client.heard[0].at("params").at("progressToken") == "token");
    client.call_tool(2, "sample");
    const Json question = client.wait_for("sampling/createMessage");
    const Json answer = {{"told", "the server"}};
    client.say({{"jsonrpc", "2.0"}, {"id", question.at("id")}, {"result", answer}});
    CHECK(client.answer_to(2).at("result").at("structuredContent") == answer);
    client.call_tool(3, "slow", {{"steps", 1000}, {"delay_ms", 50}}, "t");
    client.wait_for("notifications/progress");
    client.say({{"jsonrpc", "2.0"},
                {"method", "notifications/cancelled"},
                {"params", {{"requestId", 3}}}});
    client.request(4, "ping");
    CHECK(client.answer_to(4).at("result") == Json::object());
    CHECK(client.finish() == "exit 0");
}

TEST_CASE("arguments behind -- reach the server as they are") {
    StdioClient client(forward({kFakeServer, "env"}));
    client.initialize();
    CHECK(client.finish() == "exit 0");
    const Finished odd(forward({"/bin/sh", "-c", "printf '%s|' \"$@\" >&2; cat >/dev/null", "sh",
                                "--help", "a b", "", "$HOME", "*"}));
    CHECK(odd.errors.find("--help|a b||$HOME|*|") != std::string::npos);
}

TEST_CASE("a line that is no message passes, and the server says what it thinks of it") {
    const TemporaryFile script("not JSON either\n\n{}\n", ".script"), heard("", ".heard");
    Process proxy(forward(scripted_server(script.path(), heard.path())));
    for (const std::string line : {"this is no JSON", "  ", "[1,"}) {
        proxy.write(line + "\n");
        CHECK(proxy.read_line().has_value());
    }
    proxy.close_stdin();
    CHECK(proxy.read_to_end().empty());
    CHECK(proxy.wait_exit() == "exit 0");
    CHECK(content_of(heard.path()) == "this is no JSON\n  \n[1,\n");
    CHECK(proxy.logged({"warning", "not a message, passed on as it is"}));
}

TEST_CASE("lines keep their ends, and noise of the server its place") {
    const std::string said = "loading\r\n\n{\"jsonrpc\":\"2.0\",\"method\":\"m\"}\r\n[]\n";
    const TemporaryFile noise(said, ".noise");
    Process proxy(forward({"/bin/cat", noise.path()}));
    CHECK(proxy.read_to_end() == said);
    CHECK(proxy.wait_exit() == "exit 0");
    CHECK(proxy.logged({"warning", "stdout noise passed on"}));
}

TEST_CASE("what the server says when its stdin has ended is the client's too") {
    const std::string bye = R"({"jsonrpc":"2.0","method":"notifications/bye"})";
    const std::string slow = "while read line; do :; done; sleep 0.2; echo '" + bye + "'; exit 6";
    const Finished through(forward({"/bin/sh", "-c", slow}), "{}\n");
    CHECK(through.output == bye + "\n");
    CHECK(through.exit == "exit 6");
}

TEST_CASE("a client that has said all it has to say at once is heard all the same") {
    const Finished through(forward({"/bin/sh", "-c", "cat; exit 6"}), "one\ntwo\n");
    CHECK(through.output == "one\ntwo\n");
    CHECK(through.exit == "exit 6");
}

TEST_CASE("with an HTTP server behind it a line that is no message is refused") {
    StdioClient client({kShadowcat, "forward", "--upstream", "http://127.0.0.1:9/mcp"});
    client.process().write("this is no JSON\n");
    const Json refused = client.next();
    CHECK(refused.at("error").at("code") == -32700);
    CHECK(client.finish() == "exit 0");
}

TEST_CASE("stderr is the server's, byte for byte") {
    const std::string talk = "printf 'one\\r\\n\\n\\033[31mtwo' >&2; cat";
    const Finished through(forward({"/bin/sh", "-c", talk}));
    CHECK(through.errors == "one\r\n\n\033[31mtwo");
    CHECK(through.exit == "exit 0");
}

TEST_CASE("where the log is JSON, stderr lines are part of it") {
    const Finished through({kShadowcat, "forward", "--log-format", "json", "--log-level", "info",
                            "--", "/bin/sh", "-c", "echo hello >&2; cat"});
    std::istringstream lines(through.errors);
    bool found = false;
    for (std::string line; std::getline(lines, line);) {
        found = found || Json::parse(line).value("line", "") == "hello";
    }
    CHECK(found);
}

TEST_CASE("the exit code is the server's; by a signal 128 and its number") {
    const auto exit_of = [](const std::string& script) {
        return Finished(forward({"/bin/sh", "-c", script})).exit;
    };
    CHECK(exit_of("exit 0") == "exit 0");
    CHECK(exit_of("exit 3") == "exit 3");
    CHECK(exit_of("cat; exit 4") == "exit 4");
    CHECK(exit_of("kill -ABRT $$") == "exit 134");
}

TEST_CASE("signals reach the server, which may end as it likes") {
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        const std::string name = std::to_string(number);
        Process handling(forward({"/bin/sh", "-c",
                                  "trap 'echo got >&2; exit 9' " + name +
                                      "; echo ready >&2; while :; do sleep 0.01; done"}));
        handling.wait_for_log({"ready"});
        handling.signal(number);
        CHECK(handling.wait_exit() == "exit 9");
        CHECK(handling.logged({"got"}));
    }
    Process plain(forward({"/bin/sh", "-c", "echo ready >&2; exec sleep 60"}));
    plain.wait_for_log({"ready"});
    plain.signal(SIGTERM);
    CHECK(plain.wait_exit() == "exit 143");
}

TEST_CASE("a server that ignores a signal is ended by the ladder") {
    Process proxy(forward({kFakeServer, "ignore-term"}));
    proxy.wait_for_log({"pid="});
    proxy.signal(SIGTERM);
    CHECK(proxy.wait_exit() == "exit 0");
}

TEST_CASE("the server gets the whole environment and the working directory") {
    LaunchOptions options;
    options.environment.emplace_back("ONLY_THE_CLIENT_HAS_IT", "yes");
    Process proxy(forward({"/bin/sh", "-c", "echo \"$ONLY_THE_CLIENT_HAS_IT in $(pwd)\" >&2; cat"}),
                  options);
    const std::string here = std::filesystem::current_path().string();
    CHECK(proxy.wait_for_log({"yes in "}).find(here) != std::string::npos);
    proxy.close_stdin();
    CHECK(proxy.wait_exit() == "exit 0");
}

TEST_CASE("a server that is not there: exit code 1, an error to who asks, nothing else on stdout") {
    StdioClient client(forward({"/no/such/server"}));
    client.request(1, "initialize");
    client.process().close_stdin();
    const std::string output = client.process().read_to_end();
    CHECK(client.process().wait_exit() == "exit 1");
    CHECK(client.process().logged({"/no/such/server"}));
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        const Json message = Json::parse(line);
        CHECK(message.at("id") == 1);
        CHECK(message.at("error").at("code") == -32603);
    }
}

TEST_CASE("a server that dies: its caller reads an error, the proxy ends with its exit code") {
    StdioClient client(forward({kFakeServer, "die-mid-call"}));
    client.initialize();
    client.call_tool("call", "fake");
    const Json response = client.answer_to("call");
    CHECK(response.at("error").at("data").at("reason") == "crashed");
    CHECK(client.process().wait_exit() == "exit 7");
    CHECK(client.process().logged({"code 7"}));
}
