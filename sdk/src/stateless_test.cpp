// SPDX-License-Identifier: Apache-2.0
// Which era a message is of, and every rule of the stateless one with the code it gives.
#include "shadowcat/sdk/stateless.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace shadowcat::sdk;

namespace {

constexpr std::array<std::string_view, 1> kServed = {"2026-07-28"};
constexpr std::string_view kVersion = R"("io.modelcontextprotocol/protocolVersion":"2026-07-28")";
constexpr std::string_view kCapabilities = R"("io.modelcontextprotocol/clientCapabilities":{})";

Message parse(std::string text) { return Message::parse(std::move(text)).value(); }

/// A request with `params`.
Message request(std::string_view method, const std::string& params) {
    return make_request("7", method, params);
}

std::string with_meta(std::string_view members, std::string_view others = {}) {
    return std::string("{").append(others).append(R"("_meta":{)").append(members).append("}}");
}

std::string usual_meta(std::string_view more = {}) {
    return std::string(kVersion).append(",").append(kCapabilities).append(more);
}

Message call(std::string_view name) {
    return request("tools/call",
                   with_meta(usual_meta(), "\"name\":" + std::string(name) + ",\"arguments\":{},"));
}

Message list() { return request("tools/list", with_meta(usual_meta())); }

MirrorHeaders headers(std::optional<std::string_view> version,
                      std::optional<std::string_view> method = std::nullopt,
                      std::optional<std::string_view> name = std::nullopt) {
    MirrorHeaders made;
    made.version = version;
    made.method = method;
    made.name = name;
    return made;
}

/// 0 when nothing is wrong.
int code(const Message& message, const MirrorHeaders& with) {
    const auto refusal = check_stateless(message, &with, kServed);
    return refusal ? refusal->code : 0;
}

int code(const Message& message) {
    const auto refusal = check_stateless(message, nullptr, kServed);
    return refusal ? refusal->code : 0;
}

const MirrorHeaders kList = headers("2026-07-28", "tools/list");

}  // namespace

TEST_CASE("the version header or _meta make a message stateless, nothing else does") {
    const Message bare = parse(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
    const Message initialize = parse(R"({"jsonrpc":"2.0","id":1,"method":"initialize",)"
                                     R"("params":{"protocolVersion":"2026-07-28"}})");
    const MirrorHeaders none, modern = headers("2026-07-28"), old = headers("2025-11-25"),
                              unknown = headers("2099-01-01");
    const auto era = [](const Message& message, const MirrorHeaders* with) {
        return era_of(message, with, kServed);
    };
    CHECK(era(bare, &none) == Era::session);
    CHECK(era(bare, &old) == Era::session);
    CHECK(era(bare, &unknown) == Era::session);
    CHECK(era(bare, &modern) == Era::stateless);
    CHECK(era(initialize, &none) == Era::session);
    CHECK(era(initialize, &modern) == Era::stateless);
    CHECK(era(list(), &none) == Era::stateless);
    CHECK(era(list(), &old) == Era::stateless);  // in mid-session: its headers disagree
    CHECK(era(bare, nullptr) == Era::session);
    CHECK(era(list(), nullptr) == Era::stateless);
    const Message odd =
        request("tools/list", with_meta(R"("io.modelcontextprotocol/protocolVersion":5)"));
    CHECK(era(odd, nullptr) == Era::stateless);
}

TEST_CASE("where no stateless revision is served, messages pass as they come") {
    const MirrorHeaders modern = headers("2026-07-28");
    CHECK(era_of(list(), &modern, {}) == Era::session);
}

TEST_CASE("a request that keeps the rules passes") {
    CHECK(code(list(), kList) == 0);
    CHECK(code(list()) == 0);
    CHECK(code(call("\"echo\""), headers("2026-07-28", "tools/call", "echo")) == 0);
    CHECK(code(request("tools/list", with_meta(usual_meta(R"(,"progressToken":1,"x":[null])"))),
               kList) == 0);
}

TEST_CASE("_meta, version and capabilities are required, of the right types") {
    const std::string version(kVersion), capabilities(kCapabilities);
    for (const std::string& params :
         {std::string("{}"), std::string(R"({"_meta":null})"), std::string(R"({"_meta":[]})"),
          with_meta(""), with_meta(version), with_meta(capabilities),
          with_meta(capabilities + R"(,"io.modelcontextprotocol/protocolVersion":20260728)"),
          with_meta(capabilities + R"(,"io.modelcontextprotocol/protocolVersion":null)"),
          with_meta(version + R"(,"io.modelcontextprotocol/clientCapabilities":true)"),
          with_meta(version + R"(,"io.modelcontextprotocol/clientCapabilities":null)")}) {
        CAPTURE(params);
        CHECK(code(request("tools/list", params), kList) == json_rpc::kInvalidParams);
        CHECK(code(request("tools/list", params)) == json_rpc::kInvalidParams);
        CHECK(code(request("tools/list", params), headers("2026-07-28")) ==
              json_rpc::kInvalidParams);  // before the other headers
    }
    CHECK(code(parse(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"), kList) ==
          json_rpc::kInvalidParams);
}

TEST_CASE("clientInfo is not required") {
    const std::string info = R"(,"io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"})";
    CHECK(code(request("tools/list", with_meta(usual_meta(info))), kList) == 0);
    CHECK(code(list(), kList) == 0);
}

TEST_CASE("the version header is required and equals _meta") {
    const MirrorHeaders none = headers(std::nullopt, "tools/list");
    CHECK(code(list(), none) == json_rpc::kHeaderMismatch);
    CHECK(code(request("tools/list", "{}"), none) == json_rpc::kHeaderMismatch);
    CHECK(code(list(), headers("2025-11-25", "tools/list")) == json_rpc::kHeaderMismatch);
    CHECK(code(list(), headers("", "tools/list")) == json_rpc::kHeaderMismatch);
    CHECK(code(list(), headers("2026-07-28, 2026-07-28", "tools/list")) ==
          json_rpc::kHeaderMismatch);
    const std::string escaped = R"("io.modelcontextprotocol/protocolVersion":"2026\u002d07-28",)" +
                                std::string(kCapabilities);
    CHECK(code(request("tools/list", with_meta(escaped)), kList) == 0);
}

TEST_CASE("a version that isn't served is told which are") {
    const std::string meta =
        R"("io.modelcontextprotocol/protocolVersion":"2099-\"01",)" + std::string(kCapabilities);
    const Message request_of_future = request("tools/list", with_meta(meta));
    const MirrorHeaders agreeing = headers("2099-\"01");  // Mcp-Method counts later
    const auto refusal = check_stateless(request_of_future, &agreeing, kServed);
    REQUIRE(refusal);
    CHECK(refusal->code == json_rpc::kUnsupportedProtocolVersion);
    CHECK(refusal->data == R"({"supported":["2026-07-28"],"requested":"2099-\"01"})");
    CHECK(code(request_of_future) == json_rpc::kUnsupportedProtocolVersion);
    CHECK(code(request_of_future, kList) == json_rpc::kHeaderMismatch);
    constexpr std::array<std::string_view, 2> two = {"2027-01-01", "2026-07-28"};
    CHECK(check_stateless(request_of_future, nullptr, two)->data ==
          R"({"supported":["2027-01-01","2026-07-28"],"requested":"2099-\"01"})");
}

TEST_CASE("Mcp-Method is required and equals the method, case included") {
    CHECK(code(list(), headers("2026-07-28")) == json_rpc::kHeaderMismatch);
    CHECK(code(list(), headers("2026-07-28", "tools/call")) == json_rpc::kHeaderMismatch);
    CHECK(code(list(), headers("2026-07-28", "Tools/List")) == json_rpc::kHeaderMismatch);
    CHECK(code(list(), headers("2026-07-28", "")) == json_rpc::kHeaderMismatch);
    const Message escaped = parse(R"({"jsonrpc":"2.0","id":1,"method":"tools\/list","params":)" +
                                  with_meta(usual_meta()) + "}");
    CHECK(code(escaped, kList) == 0);
}

TEST_CASE("Mcp-Name is required where the body has a name, and equals it") {
    const auto named = [](std::optional<std::string_view> name) {
        return code(call("\"echo\""), headers("2026-07-28", "tools/call", name));
    };
    CHECK(named("echo") == 0);
    CHECK(named("=?base64?ZWNobw==?=") == 0);
    CHECK(named(std::nullopt) == json_rpc::kHeaderMismatch);
    CHECK(named("") == json_rpc::kHeaderMismatch);
    CHECK(named("Echo") == json_rpc::kHeaderMismatch);
    CHECK(named("=?base64?ZWNobw?=") == json_rpc::kHeaderMismatch);    // padding
    CHECK(named("=?base64?ZWN*bw==?=") == json_rpc::kHeaderMismatch);  // alphabet
    CHECK(named("=?BASE64?ZWNobw==?=") == json_rpc::kHeaderMismatch);  // taken literally
    CHECK(code(call("\"=?BASE64?ZWNobw==?=\""),
               headers("2026-07-28", "tools/call", "=?BASE64?ZWNobw==?=")) == 0);
    CHECK(code(call(R"("caf\u00e9")"),
               headers("2026-07-28", "tools/call", "=?base64?Y2Fmw6k=?=")) == 0);
}

TEST_CASE("what Mcp-Name mirrors depends on the method") {
    const auto check = [](std::string_view method, const char* others, std::string_view name) {
        const Message made = request(method, with_meta(usual_meta(), others));
        CHECK(code(made, headers("2026-07-28", method, name)) == 0);
        CHECK(code(made, headers("2026-07-28", method)) == json_rpc::kHeaderMismatch);
        CHECK(code(made, headers("2026-07-28", method, "other")) == json_rpc::kHeaderMismatch);
    };
    check("prompts/get", R"("name":"greet",)", "greet");
    check("resources/read", R"("uri":"file:///a",)", "file:///a");
    check("tasks/get", R"("taskId":"t-1",)", "t-1");
    const Message other = request("completion/complete", with_meta(usual_meta(), R"("name":"x",)"));
    CHECK(code(other, headers("2026-07-28", "completion/complete")) == 0);
}

TEST_CASE("notifications need neither _meta nor headers, but those that are there agree") {
    const Message cancelled = make_notification("notifications/cancelled", R"({"requestId":"a"})");
    CHECK(code(cancelled, MirrorHeaders()) == 0);
    CHECK(code(cancelled, headers("2026-07-28")) == 0);
    CHECK(code(cancelled, headers("2026-07-28", "notifications/cancelled")) == 0);
    CHECK(code(cancelled, headers("2026-07-28", "tools/call")) == json_rpc::kHeaderMismatch);
    const Message versioned = make_notification("notifications/x", with_meta(kVersion));
    CHECK(code(versioned, headers("2026-07-28")) == 0);
    CHECK(code(versioned, headers("2025-11-25")) == json_rpc::kHeaderMismatch);
    CHECK(code(versioned) == 0);
}
