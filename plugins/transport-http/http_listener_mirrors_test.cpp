// SPDX-License-Identifier: Apache-2.0
// Headers and bodies of the stateless era that disagree, in the order in which they are found out.
#include "request_head.hpp"
#include "testing/stateless_post.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

class MirrorScene {
public:
    MirrorScene() : rig(Json::object(), 1), client(rig.connect()) {}

    /// The code of a refusal with 400 and the request's id; checks that nobody got the request.
    int refused(const StatelessPost& post) {
        const Response response = client.ask(post.text());
        CHECK(response.status == 400);
        CHECK(response.field("content-type") == "application/json");
        CHECK(response.body.find(R"("id":"call-1")") != std::string::npos);
        CHECK(rig.host.journal.count_any("conversation") == 0);
        return code_in(response.body);
    }
    int status(const StatelessPost& post) { return client.ask(post.text()).status; }

    ListenerRig rig;
    RawClient client;
};

StatelessPost list() { return StatelessPost("tools/list"); }
StatelessPost mirrored_call() { return StatelessPost("tools/call", "echo"); }

constexpr std::string_view kNoCapabilities =
    R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"})";

}  // namespace

TEST_CASE("_meta is required, with version and capabilities") {
    MirrorScene scene;
    CHECK(scene.refused(list().meta("")) == -32602);
    CHECK(scene.refused(list().meta("null")) == -32602);
    CHECK(scene.refused(list().meta("{}")) == -32602);
    CHECK(scene.refused(list().meta(kNoCapabilities)) == -32602);
    CHECK(scene.refused(list().meta("{}").without("Mcp-Method")) == -32602);  // before the others
    CHECK(scene.status(mirrored_call()) == 200);
}

TEST_CASE("the version header is required and equals _meta") {
    MirrorScene scene;
    CHECK(scene.refused(list().without("MCP-Protocol-Version")) == -32020);
    CHECK(scene.refused(list().with("MCP-Protocol-Version", "2025-11-25")) == -32020);
    CHECK(scene.refused(list().with("MCP-Protocol-Version", "2099-01-01")) == -32020);
    CHECK(scene.refused(list().add("MCP-Protocol-Version", "2026-07-28")) == -32020);
    CHECK(scene.refused(list().version("2025-11-25")) == -32020);
}

TEST_CASE("a version that isn't served is told which are, before other headers count") {
    MirrorScene scene;
    StatelessPost future = list().version("2099-01-01").with("MCP-Protocol-Version", "2099-01-01");
    CHECK(scene.refused(future) == -32022);
    const Response response = scene.client.ask(future.without("Mcp-Method").text());
    CHECK(response.body.ends_with(
        R"("data":{"supported":["2026-07-28"],"requested":"2099-01-01"}}})"));
}

TEST_CASE("a version header that nobody knows, and nothing else, is -32022 in either era") {
    MirrorScene scene;
    const std::string session = scene.rig.open_session(scene.client);
    const std::string version = "MCP-Protocol-Version: 2099-01-01\r\n";
    const std::string body = R"({"jsonrpc":"2.0","id":7,"method":"where"})";
    const Response unknown = scene.client.ask(post(body, version));
    CHECK(unknown.status == 400);
    CHECK(unknown.body.find(R"("id":7,"error":{"code":-32022)") != std::string::npos);
    CHECK(unknown.body.find(R"("requested":"2099-01-01")") != std::string::npos);
    const Response in_session =
        scene.client.ask(post(body, version + "Mcp-Session-Id: " + session + "\r\n"));
    CHECK(in_session.status == 400);
    CHECK(code_in(in_session.body) == -32600);  // as ever
    const Response nothing = scene.client.ask(post(body));
    CHECK(nothing.status == 400);
    CHECK(code_in(nothing.body) == -32600);
    CHECK(scene.client.ask(post(kInitialize, version)).status == 200);  // counts only later
}

TEST_CASE("Mcp-Method is required, once, and equals the method") {
    MirrorScene scene;
    CHECK(scene.refused(list().without("Mcp-Method")) == -32020);
    CHECK(scene.refused(list().with("Mcp-Method", "tools/call")) == -32020);
    CHECK(scene.refused(list().with("Mcp-Method", "TOOLS/LIST")) == -32020);
    CHECK(scene.refused(list().add("Mcp-Method", "tools/list")) == -32020);
    CHECK(scene.refused(list().add("mcp-method", "tools/list")) == -32020);
    CHECK(scene.refused(list().with("Mcp-Method", "tools/list, tools/list")) == -32020);
    CHECK(scene.status(
              mirrored_call().without("Mcp-Method").add("MCP-METHOD", " \ttools/call \t")) == 200);
}

TEST_CASE("Mcp-Name is required, once, readable, and equals the name") {
    MirrorScene scene;
    CHECK(scene.refused(mirrored_call().without("Mcp-Name")) == -32020);
    CHECK(scene.refused(mirrored_call().with("Mcp-Name", "other")) == -32020);
    CHECK(scene.refused(mirrored_call().with("Mcp-Name", "Echo")) == -32020);
    CHECK(scene.refused(mirrored_call().add("mcp-name", "echo")) == -32020);
    CHECK(scene.refused(mirrored_call().with("Mcp-Name", "=?base64?ZWNobw?=")) == -32020);
    CHECK(scene.refused(mirrored_call().with("Mcp-Name", "=?Base64?ZWNobw==?=")) == -32020);
    CHECK(scene.status(mirrored_call().with("Mcp-Name", "=?base64?ZWNobw==?=")) == 200);
    CHECK(scene.status(mirrored_call().with("Mcp-Name", "\t echo  ")) == 200);
}

TEST_CASE("Mcp-Param headers are compared with the arguments of a call") {
    MirrorScene scene;
    const auto in = [](std::string_view region) {
        return mirrored_call().arguments(R"({"region":"eu"})").add("Mcp-Param-Region", region);
    };
    CHECK(scene.refused(in("us")) == -32020);
    CHECK(scene.refused(in("eu").add("mcp-param-REGION", "eu")) == -32020);
    CHECK(scene.refused(in("us").without("Mcp-Method")) == -32020);
    CHECK(scene.status(in("eu")) == 200);
    CHECK(scene.status(in("eu").add("Mcp-Param-Other", "anything")) == 200);
    CHECK(scene.status(StatelessPost("where").add("Mcp-Param-Region", "us")) == 200);
}

TEST_CASE("too many Mcp-Param headers are refused before the body is looked at") {
    MirrorScene scene;
    StatelessPost post = mirrored_call();
    for (std::size_t i = 0; i <= kMostMirrored; ++i)
        post.add("Mcp-Param-" + std::to_string(i), "x");
    const Response response = scene.client.ask(post.text("{not json"));
    CHECK(response.status == 431);
    CHECK_FALSE(response.body.empty());
}

TEST_CASE("bodies that are no message are refused with an error of JSON-RPC without an id") {
    MirrorScene scene;
    const auto refused = [&](std::string_view body) {
        const Response response = scene.client.ask(list().text(body));
        CHECK(response.status == 400);
        CHECK(response.body.starts_with(R"({"jsonrpc":"2.0","error":)"));
        return code_in(response.body);
    };
    CHECK(refused("{not json") == -32700);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"method":"a","method":"b"})") == -32700);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"name":1,"name":2}})") ==
          -32700);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{"x":1,"x":2}}})") ==
          -32700);
    CHECK(refused("[" + list().body() + "]") == -32600);
    CHECK(refused("[]") == -32600);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"result":{}})") == -32600);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})") == -32600);
    CHECK(refused(R"({"jsonrpc":"2.0","id":null,"method":"tools/list"})") == -32600);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1.0,"method":"tools/list"})") == -32600);
    CHECK(scene.rig.host.journal.count_any("notified") == 0);
}

TEST_CASE("what HTTP itself demands comes first, and has a body of JSON-RPC too") {
    MirrorScene scene;
    const auto refused = [&](std::string_view change, std::string_view to) {
        std::string text = list().without("Mcp-Method").text();
        text.replace(text.find(change), change.size(), to);
        const Response response = scene.client.ask(text);
        CHECK(response.field("content-type") == "application/json");
        CHECK(code_in(response.body) == -32600);
        return response.status;
    };
    CHECK(refused("Host: localhost", "Host: evil.example") == 403);
    CHECK(refused("Host: localhost", "Host: localhost\r\nOrigin: http://evil.example") == 403);
    CHECK(refused("POST /mcp ", "POST /other ") == 404);
    CHECK(refused("POST /mcp ", "PUT /mcp ") == 405);
    CHECK(refused("Content-Type: application/json", "Content-Type: text/plain") == 415);
    CHECK(refused("application/json, text/event-stream", "application/json") == 406);
    CHECK(refused("Content-Length: ", "Content-Length: 99999999") == 413);
    CHECK(scene.rig.host.journal.count_any("conversation") == 0);
}

TEST_CASE("the wrong era in mid-session") {
    MirrorScene scene;
    const std::string session = scene.rig.open_session(scene.client);
    CHECK(scene.refused(
              list().with("MCP-Protocol-Version", "2025-06-18").add("Mcp-Session-Id", session)) ==
          -32020);
    CHECK(scene.refused(list().meta("").add("Mcp-Session-Id", session)) == -32602);
    const std::string old = R"({"jsonrpc":"2.0","id":"call-1","result":{}})";
    const std::string modern = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Session-Id: " + session;
    CHECK(scene.client.ask(post(old, modern + "\r\n")).status == 400);
    CHECK(scene.rig.host.journal.count_any("notified") == 0);
    const std::string call_there = R"({"jsonrpc":"2.0","id":7,"method":"where"})";
    CHECK(scene.client.ask(post_in(session, call_there)).status == 200);
}

TEST_CASE("an initialize of the stateless era is an unknown method and opens nothing") {
    MirrorScene scene;
    CHECK(scene.refused(StatelessPost("initialize").without("Mcp-Method")) == -32020);
    CHECK(scene.status(StatelessPost("initialize")) == 200);  // the core's to refuse
    CHECK(scene.rig.host.journal.count_any("opened") == 0);
}

TEST_CASE("notifications need no headers, but those that are there agree") {
    MirrorScene scene;
    const std::string note = R"({"jsonrpc":"2.0","method":"notifications/cancelled"})";
    const std::string version = "MCP-Protocol-Version: 2026-07-28\r\n";
    CHECK(scene.client.ask(post(note, version)).status == 202);
    CHECK(
        scene.client.ask(post(note, version + "Mcp-Method: notifications/cancelled\r\n")).status ==
        202);
    const Response differs = scene.client.ask(post(note, version + "Mcp-Method: tools/call\r\n"));
    CHECK(differs.status == 400);
    CHECK(code_in(differs.body) == -32020);
    CHECK(differs.body.find("\"id\"") == std::string::npos);
}

TEST_CASE("refusals are counted and recorded with their own reason and code") {
    MirrorScene scene;
    scene.refused(list().without("Mcp-Method"));
    scene.refused(list().meta(""));
    const FakeHost& host = scene.rig.host;
    CHECK(host.metric("shadowcat_http_refused_total", "header_mismatch") == 1);
    CHECK(host.metric("shadowcat_http_refused_total", "message") == 1);
    CHECK(host.journal.has_any("refused 400 header_mismatch method=tools/list"));
    CHECK(host.journal.has_any("refused 400 message method=tools/list"));
}
