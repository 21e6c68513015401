// SPDX-License-Identifier: Apache-2.0
// `shadowcat replay` with the real binary: tapes of the demo server as servers and as clients.
#include "harness/proxy_fixture.hpp"
#include "harness/stdio_client.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <sstream>

using namespace integration;

namespace {

using Strings = std::vector<std::string>;

constexpr const char* kStateless = "2026-07-28";

Json frame(std::size_t seq, const char* direction, const char* kind, const Json& message,
           std::size_t exchange) {
    return {{"type", "frame"}, {"seq", seq},     {"ts", seq * 10},       {"dir", direction},
            {"kind", kind},    {"msg", message}, {"exchange", exchange}, {"id", message.at("id")}};
}

/// A tape of what the demo server answers to these requests (method and parameters).
class DemoTape {
public:
    using Asked = std::vector<std::pair<std::string, Json>>;

    explicit DemoTape(const Asked& asked, bool sessions = true, const Json& more = Json::object())
        : file_("", ".jsonl") {
        Json init = {{"type", "init"},         {"version", "3.0"},
                     {"tape_id", kId},         {"session", "s-1"},
                     {"redacted", false},      {"part", 1},
                     {"first_seq", 0},         {"upstream", "demo"},
                     {"created_at", kCreated}, {"era", sessions ? "session" : "stateless"}};
        std::string text = init.dump() + "\n";
        StdioClient server({kDemoServer});
        std::size_t seq = 0, number = 0;
        for (const auto& [method, params] : asked) {
            ++number;
            const Json request = {
                {"jsonrpc", "2.0"}, {"id", number}, {"method", method}, {"params", params}};
            server.say(request);
            Json asks = frame(seq++, "client_to_server", "request", request, number);
            Json answers =
                frame(seq++, "server_to_client", "result", server.answer_to(number), number);
            answers.update(more);
            text += asks.dump() + "\n" + answers.dump() + "\n";
        }
        file_.replace(text);
    }

    std::string path() const { return file_.path(); }

private:
    static constexpr const char* kId = "0b5c7d2e-0000-4000-8000-000000000001";
    static constexpr const char* kCreated = "2026-11-26T04:00:00.000Z";

    TemporaryFile file_;
};

Json hello() {
    return {{"protocolVersion", "2025-06-18"},
            {"capabilities", Json::object()},
            {"clientInfo", {{"name", "recorded"}, {"version", "1"}}}};
}

Json echo(const Json& message) { return {{"name", "echo"}, {"arguments", {{"message", message}}}}; }

Json stateless(Json params) {
    params["_meta"] = {{"io.modelcontextprotocol/protocolVersion", kStateless},
                       {"io.modelcontextprotocol/clientInfo", {{"name", "t"}, {"version", "1"}}},
                       {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
    return params;
}

const DemoTape::Asked kSession = {{"initialize", hello()},
                                  {"tools/list", Json::object()},
                                  {"tools/call", echo("on tape")},
                                  {"resources/read", {{"uri", "demo://about"}}}};

DemoTape stateless_tape() {
    return DemoTape({{"server/discover", stateless(Json::object())},
                     {"tools/list", stateless(Json::object())},
                     {"tools/call", stateless(echo("on tape"))}},
                    false);
}

Strings replay(Strings arguments) {
    arguments.insert(arguments.begin(), {kShadowcat, "replay"});
    return arguments;
}

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a tape of sessions serves a client on stdin and stdout") {
    const DemoTape tape(kSession);
    StdioClient client(replay({tape.path()}));
    const Json initialized = client.initialize();
    CHECK(initialized.at("protocolVersion") == "2025-06-18");
    CHECK(initialized.at("serverInfo").at("name") == "shadowcat-demo-server");
    client.request("list", "tools/list");
    CHECK(client.answer_to("list").at("result").at("tools").size() > 5);
    client.call_tool(7, "echo", {{"message", "on tape"}});
    CHECK(text_of(client.answer_to(7)) == "on tape");
    client.call_tool(8, "echo", {{"message", "something else"}});
    const std::string why = client.answer_to(8).at("error").at("message");
    CHECK(why.find("/params/arguments/message") != std::string::npos);
    CHECK(client.finish() == "exit 0");
}

TEST_CASE("tapes of either era serve HTTP clients of either era") {
    const DemoTape sessions(kSession);
    const DemoTape modern = stateless_tape();
    for (const DemoTape* tape : {&sessions, &modern}) {
        Process process(replay({tape->path(), "--listen", "127.0.0.1:0"}));
        const std::uint16_t port = listening_port(process);
        McpClient client(port);
        CHECK(client.initialize().at("serverInfo").at("name") == "shadowcat-demo-server");
        CHECK(text_of(client.call_tool("echo", {{"message", "on tape"}})) == "on tape");
        const Json call = {{"jsonrpc", "2.0"},
                           {"id", "x"},
                           {"method", "tools/call"},
                           {"params", stateless(echo("on tape"))}};
        HttpClient other(port);
        const HttpResponse answer =
            other.ask(mcp_post(call.dump(), {{"MCP-Protocol-Version", kStateless},
                                             {"Mcp-Method", "tools/call"},
                                             {"Mcp-Name", "echo"}}));
        CHECK(answer.status == 200);
        CHECK(text_of(answer.json()) == "on tape");
        CHECK(answer.json().at("id") == "x");
    }
}

TEST_CASE("what isn't on the tape comes from the live server") {
    const DemoTape tape(kSession);
    StdioClient client(
        replay({tape.path(), "--on-no-match", "upstream", "--upstream", kDemoServer}));
    CHECK(client.initialize().at("protocolVersion") == "2025-06-18");
    client.call_tool(7, "echo", {{"message", "live"}});
    CHECK(text_of(client.answer_to(7)) == "live");
    CHECK(client.finish() == "exit 0");
}

TEST_CASE("a redacted tape is refused with the flag that allows it") {
    const DemoTape tape(kSession, true, {{"redacted", true}});
    const Finished refused(replay({tape.path()}));
    CHECK(refused.exit == "exit 1");
    CHECK(refused.errors.starts_with("shadowcat: tape "));
    CHECK(refused.errors.find("--allow-redacted") != std::string::npos);
    StdioClient client(replay({tape.path(), "--allow-redacted"}));
    client.initialize();
    CHECK(client.finish() == "exit 0");
}

TEST_CASE("a server that answers as it did is verified; tools only if wanted") {
    const DemoTape tape(kSession);
    const Finished verified(replay({"--verify", tape.path(), "--", kDemoServer}));
    CHECK(verified.output.find("skipped    tools/call echo: not sent without --call-tools\n") !=
          std::string::npos);
    CHECK(verified.output.ends_with("4 exchanges: 3 ok, 1 skipped\n"));
    CHECK(verified.exit == "exit 0");
    const Finished called(replay({"--verify", tape.path(), "--call-tools", "--", kDemoServer}));
    CHECK(called.output.ends_with("4 exchanges: 4 ok\n"));
    const DemoTape modern = stateless_tape();
    const Finished other(replay({"--verify", modern.path(), "--call-tools", "--", kDemoServer}));
    CHECK(other.output.ends_with("3 exchanges: 3 ok\n"));
}

TEST_CASE("a regression is shown, counted and written as JUnit XML") {
    const DemoTape tape(kSession);
    std::string changed = content_of(tape.path());
    const std::size_t at =
        changed.find("on tape", changed.find("server_to_client", changed.find("tools/call")));
    REQUIRE(at != std::string::npos);
    changed.replace(at, 7, "regressed");
    const TemporaryFile other(changed, ".jsonl");
    const TemporaryFile junit("", ".xml");
    const Finished verified(replay(
        {"--verify", other.path(), "--call-tools", "--junit", junit.path(), "--", kDemoServer}));
    CHECK(verified.exit == "exit 1");
    CHECK(verified.output.find("differs    tools/call echo\n") != std::string::npos);
    CHECK(verified.output.find("/result/content/0/text: ") != std::string::npos);
    const std::string xml = content_of(junit.path());
    CHECK(xml.find("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"0\"") != std::string::npos);
    CHECK(xml.find("<failure message=\"/result/content/0/text: ") != std::string::npos);
    const Finished ignored(replay({"--verify", other.path(), "--call-tools", "--ignore",
                                   "/result/content/*/text", "--", kDemoServer}));
    CHECK(ignored.exit == "exit 0");
}

TEST_CASE("a server that can't be started, one that dies, one that says nothing") {
    const DemoTape tape(kSession);
    const Finished missing(replay({"--verify", tape.path(), "--", "/nonexistent/server"}));
    CHECK(missing.exit == "exit 1");
    CHECK(missing.errors.find("/nonexistent/server") != std::string::npos);
    const Finished dying(replay({"--verify", tape.path(), "--", "/bin/false"}));
    CHECK(dying.exit == "exit 1");
    CHECK(dying.output.find("no answer  initialize: ") != std::string::npos);
    const Finished silent(
        replay({"--verify", tape.path(), "--timeout", "1", "--", "/bin/sleep", "60"}));
    CHECK(silent.exit == "exit 1");
    CHECK(silent.output.find("no answer  initialize: no answer within 1 s\n") != std::string::npos);
}

TEST_CASE("wrong usage is one line and exit code 2") {
    const Finished none(replay({}));
    CHECK(none.exit == "exit 2");
    CHECK(none.errors ==
          "shadowcat: replay: name the tape: a file, or its id (see 'shadowcat replay --help')\n");
    const Finished missing(replay({"/nonexistent/tape.jsonl"}));
    CHECK(missing.exit == "exit 1");
    CHECK(missing.errors.starts_with("shadowcat: no tape "));
}
