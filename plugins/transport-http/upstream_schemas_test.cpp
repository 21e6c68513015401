// SPDX-License-Identifier: Apache-2.0
// Mcp-Param-* headers: learnt from lists of tools, asked for when the server misses them.
#include "shadowcat/sdk/json_edit.hpp"

#include "testing/captured_log.hpp"
#include "testing/stateless_messages.hpp"
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

const std::string kTool =
    R"({"name":"sql","inputSchema":{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}})";
const std::string kCallSql =
    stateless("1", "tools/call", R"("name":"sql","arguments":{"region":"us"})");
const std::string kMissing =
    R"({"jsonrpc":"2.0","id":1,"error":{"code":-32020,"message":"Mcp-Param-Region is missing"}})";

std::string list(const std::string& id, const std::string& tools, const std::string& more = {}) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"resultType":"complete","tools":[)" +
           tools + "]" + more + "}}";
}

ServerAnswer refuse(const std::string& id) {
    return ServerAnswer::json(
        R"({"jsonrpc":"2.0","id":)" + id +
            R"(,"error":{"code":-32020,"message":"Mcp-Param-Region is missing"}})",
        "", "400 Bad Request");
}

/// A server that wants the header; tools are listed on two pages, the second as events.
ServerAnswer strict(const ServerRequest& request) {
    const std::string id = id_of(request);
    if (request.header("Mcp-Method") == "tools/call") {
        const bool good = request.header("Mcp-Param-Region") == "us";
        return good ? ServerAnswer::json(result(id)) : refuse(id);
    }
    const bool second = request.body.find(R"("cursor":"p\/2")") != std::string::npos;
    if (second) return ServerAnswer::events(event(list(id, kTool)));
    return ServerAnswer::json(list(id, R"({"name":"a"})", R"(,"nextCursor":"p\/2")"));
}

LinkOptions shared_schemas() {
    LinkOptions options;
    options.exclusive = false;
    return options;
}

}  // namespace

TEST_CASE("a list of tools teaches which arguments to mirror, every link of the worker") {
    UpstreamScene scene([](const ServerRequest& request) {
        const bool lists = request.header("Mcp-Method") == "tools/list";
        return lists ? ServerAnswer::json(list("2", kTool)) : usual(request);
    });
    TestClient lister, caller, other;
    CHECK(scene.call(lister, stateless("2", "tools/list")).has_value());
    CHECK(lister.got == Lines{list("2", kTool)});
    CHECK(scene.call(caller, kCallSql).has_value());
    CHECK(scene.server.requests.back().header("Mcp-Param-Region") == "us");
    auto link = scene.open_link();
    std::swap(link, scene.link);
    CHECK(scene
              .call(other,
                    stateless("1", "tools/call", R"("name":"sql","arguments":{"region":" é"})"))
              .has_value());
    CHECK(scene.server.requests.back().header("Mcp-Param-Region") == "=?base64?IMOp?=");
    std::swap(link, scene.link);
}

TEST_CASE("a session-era list teaches nothing, and a session-era call mirrors nothing") {
    UpstreamScene scene([](const ServerRequest& request) {
        const bool lists = request.body.find("tools/list") != std::string::npos;
        return lists ? ServerAnswer::json(list("2", kTool)) : usual(request);
    });
    TestClient lister, caller, stateless_caller;
    CHECK(scene.call(lister, kList).has_value());
    CHECK(scene.call(caller, kCall).has_value());
    CHECK(scene.server.requests.back().head.find("Mcp-") == std::string::npos);
    CHECK(scene.call(stateless_caller, kCallSql).has_value());
    CHECK(scene.server.requests.back().head.find("Mcp-Param") == std::string::npos);
}

TEST_CASE("tools with invalid annotations are cut out of the list, the rest keeps its bytes") {
    const std::string bad =
        R"({"name":"bad","inputSchema":{"properties":{"p":{"type":"number","x-mcp-header":"P"}}}})";
    const std::string odd = R"({ "name":"odd", "big":12345678901234567890123, "s":"\u00e9"})";
    const CapturedLog log;
    UpstreamScene scene([&](const ServerRequest& request) {
        return ServerAnswer::json(
            list(id_of(request), odd + " , " + bad + "," + kTool, R"(,"ttlMs":1.50)"));
    });
    for (int i = 0; i < 2; ++i) {
        TestClient client;
        CHECK(scene.call(client, stateless("2", "tools/list")).has_value());
        CHECK(client.got == Lines{list("2", odd + "," + kTool, R"(,"ttlMs":1.50)")});
    }
    CHECK(log.count("tool not offered") == 1);
    CHECK(log.has("bad"));
    CHECK(log.has("type is not string, integer or boolean"));
}

TEST_CASE("a server that misses a header gets it, once its tools were listed") {
    for (const LinkOptions& options : {LinkOptions(), shared_schemas()}) {
        UpstreamScene scene(&strict, Json::object(), options);
        TestClient client;
        CHECK(scene.call(client, kCallSql).has_value());
        CHECK(client.got == Lines{result("1")});
        const auto& seen = scene.server.requests;
        REQUIRE(seen.size() == 4);
        CHECK(seen[0].head.find("Mcp-Param") == std::string::npos);
        CHECK(seen[1].header("Mcp-Method") == "tools/list");
        CHECK(seen[1].header("MCP-Protocol-Version") == "2026-07-28");
        CHECK(shadowcat::sdk::json::at(seen[1].body, {"params", "_meta"}) ==
              shadowcat::sdk::json::at(kCallSql, {"params", "_meta"}));
        CHECK(seen[3].header("Mcp-Param-Region") == "us");
        CHECK(id_of(seen[3]) != id_of(seen[0]));
        CHECK(shadowcat::sdk::json::member(seen[3].body, "params") ==
              shadowcat::sdk::json::member(kCallSql, "params"));
        TestClient next;
        CHECK(scene.call(next, kCallSql).has_value());
        CHECK(seen.size() == 5);
    }
}

TEST_CASE("the call that is sent again keeps its progress") {
    const std::string request =
        stateless("1", "tools/call", R"("name":"sql","arguments":{"region":"us"})",
                  meta_with(R"("progressToken":"t")"));
    for (const LinkOptions& options : {LinkOptions(), shared_schemas()}) {
        UpstreamScene scene(
            [](const ServerRequest& asked) {
                if (asked.header("Mcp-Param-Region").empty()) return strict(asked);
                const std::string token(message(asked.body).progress_token());
                return ServerAnswer::events(
                    event(
                        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)" +
                        token + "}}") +
                    event(result(id_of(asked))));
            },
            Json::object(), options);
        TestClient client;
        CHECK(scene.call(client, request).has_value());
        CHECK(
            client.got ==
            Lines{
                R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t"}})",
                result("1")});
        CHECK(scene.server.requests.at(1).body.find("progressToken") == std::string::npos);
    }
}

TEST_CASE("a second refusal is the answer, and so is one that no list explains") {
    UpstreamScene stubborn([](const ServerRequest& request) {
        const bool lists = request.header("Mcp-Method") == "tools/list";
        return lists ? ServerAnswer::json(list(id_of(request), kTool)) : refuse(id_of(request));
    });
    TestClient client;
    CHECK(stubborn.call(client, kCallSql).has_value());
    CHECK(client.got == Lines{kMissing});
    CHECK(stubborn.server.requests.size() == 3);

    UpstreamScene clueless([](const ServerRequest& request) {
        const bool lists = request.header("Mcp-Method") == "tools/list";
        return lists ? ServerAnswer::status("500 Oops") : refuse(id_of(request));
    });
    TestClient other;
    CHECK(clueless.call(other, kCallSql).has_value());
    CHECK(other.got == Lines{kMissing});
    CHECK(clueless.server.requests.size() == 2);
}

TEST_CASE("a list that never ends is given up, and a cancelled call asks no further") {
    UpstreamScene endless([](const ServerRequest& request) {
        const bool lists = request.header("Mcp-Method") == "tools/list";
        if (!lists) return refuse(id_of(request));
        return ServerAnswer::json(list(id_of(request), "", R"(,"nextCursor":"")"));
    });
    TestClient client;
    CHECK(endless.call(client, kCallSql).has_value());
    CHECK(client.got == Lines{kMissing});
    CHECK(endless.server.requests.size() == 101);

    UpstreamScene silent([](const ServerRequest& request) {
        const bool lists = request.header("Mcp-Method") == "tools/list";
        return lists ? ServerAnswer("", ServerAnswer::Then::stay) : refuse(id_of(request));
    });
    TestClient gone;
    silent.start(gone, kCallSql);
    CHECK(silent.wait([&] { return silent.server.requests.size() == 2; }));
    gone.cancellation.request(downstream_error(ErrorCode::cancelled, "by the client"));
    CHECK(silent.finish(gone).error().code() == ErrorCode::cancelled);
    CHECK(gone.got.empty());
}
