// SPDX-License-Identifier: Apache-2.0
// Bodies that are not messages: status, code and text; afterwards everything still works.
#include "harness/proxy_fixture.hpp"
#include "harness/refusals.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

class BadBody {
public:
    const char* what;
    std::string body;
    std::string message;  // how the error's message begins
};

std::string nested(std::size_t depth) {
    return R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"x":)" +
           std::string(depth, '[') + std::string(depth, ']') + "}}";
}

std::string with_nul() {
    std::string body = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
    body.insert(1, 1, '\0');
    return body;
}

const std::string kNotJson = "not valid JSON: ";
const std::string kDuplicate = "not valid JSON: duplicate key";

const BadBody kUnparseable[] = {
    {"empty", "", kNotJson},
    {"blank", " \r\n ", kNotJson},
    {"cut off", R"({"jsonrpc":"2.0","id":1,"method":"ping")", kNotJson},
    {"text", "hello", kNotJson},
    {"two documents", R"({"jsonrpc":"2.0","id":1,"method":"ping"}{})", kNotJson},
    {"trailing comma", R"({"jsonrpc":"2.0","id":1,"method":"ping",})", kNotJson},
    {"single quotes", "{'jsonrpc':'2.0','id':1,'method':'ping'}", kNotJson},
    {"invalid UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"ping\"}", kNotJson},
    {"overlong UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":\"\xc0\xaf\",\"method\":\"ping\"}", kNotJson},
    {"a surrogate in UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":\"\xed\xa0\x80\",\"method\":\"p\"}",
     kNotJson},
    {"UTF-16", std::string("{\0\"\0", 4), kNotJson},
    {"a raw line break in a string", "{\"jsonrpc\":\"2.0\",\"id\":\"a\nb\",\"method\":\"ping\"}",
     kNotJson},
    {"a NUL byte", with_nul(), kNotJson},
    {"NaN", R"({"jsonrpc":"2.0","id":NaN,"method":"ping"})", kNotJson},
    {"a leading zero", R"({"jsonrpc":"2.0","id":01,"method":"ping"})", kNotJson},
    {"too deep", nested(200), kNotJson},
    {"far too deep", nested(100'000), kNotJson},
    {"two ids", R"({"jsonrpc":"2.0","id":1,"id":2,"method":"ping"})", kDuplicate},
    {"two methods", R"({"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"})",
     kDuplicate},
    {"two methods, one of them escaped",
     R"({"jsonrpc":"2.0","id":1,"method":"ping","\u006dethod":"tools/call"})", kDuplicate},
    {"two tool names",
     R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"bump"}})",
     kDuplicate},
    {"two progress tokens",
     R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo",)"
     R"("_meta":{"progressToken":1,"progressToken":2}}})",
     kDuplicate},
};

const BadBody kShapeless[] = {
    {"empty object", "{}", "not a JSON-RPC 2.0 message: "},
    {"null", "null", "not a JSON-RPC 2.0 message: not an object"},
    {"number", "42", "not a JSON-RPC 2.0 message: not an object"},
    {"string", R"("ping")", "not a JSON-RPC 2.0 message: not an object"},
    {"empty batch", "[]", "not a JSON-RPC 2.0 message: batches"},
    {"batch", R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])",
     "not a JSON-RPC 2.0 message: batches"},
    {"no version", R"({"id":1,"method":"ping"})", "not a JSON-RPC 2.0 message: \"jsonrpc\""},
    {"old version", R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
     "not a JSON-RPC 2.0 message: \"jsonrpc\""},
    {"version as a number", R"({"jsonrpc":2.0,"id":1,"method":"ping"})",
     "not a JSON-RPC 2.0 message: \"jsonrpc\""},
    {"nothing but an id", R"({"jsonrpc":"2.0","id":1})", "not a JSON-RPC 2.0 message: neither"},
    {"null id", R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
     "not a JSON-RPC 2.0 message: \"id\""},
    {"fractional id", R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})",
     "not a JSON-RPC 2.0 message: \"id\""},
    {"id with an exponent", R"({"jsonrpc":"2.0","id":1e3,"method":"ping"})",
     "not a JSON-RPC 2.0 message: \"id\""},
    {"object as id", R"({"jsonrpc":"2.0","id":{},"method":"ping"})",
     "not a JSON-RPC 2.0 message: \"id\""},
    {"boolean as id", R"({"jsonrpc":"2.0","id":true,"method":"ping"})",
     "not a JSON-RPC 2.0 message: \"id\""},
    {"method as a number", R"({"jsonrpc":"2.0","id":1,"method":5})",
     "not a JSON-RPC 2.0 message: \"method\""},
    {"empty method", R"({"jsonrpc":"2.0","id":1,"method":""})",
     "not a JSON-RPC 2.0 message: \"method\""},
    {"params as a list", R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})",
     "not a JSON-RPC 2.0 message: \"params\""},
    {"result and error", R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})",
     "not a JSON-RPC 2.0 message: both"},
    {"method and result", R"({"jsonrpc":"2.0","id":1,"method":"ping","result":{}})",
     "not a JSON-RPC 2.0 message: both"},
    {"result without id", R"({"jsonrpc":"2.0","result":{}})",
     "not a JSON-RPC 2.0 message: a result"},
};

class MessageTarget {
public:
    MessageTarget() { client.initialize(); }

    ReverseProxy proxy = ReverseProxy::with_config(
        config_for({kDemoServer}, "", "  limits: { max_body_bytes: 1048576 }\n"));
    McpClient client = proxy.client();

    void check_refused(const BadBody& bad, int status, int code, const std::string& reason) {
        CAPTURE(bad.what);
        const HttpResponse answer = client.post(bad.body);
        CHECK(answer.status == status);
        CHECK(answer.header("content-type") == "application/json");
        const std::string message = answer.json().at("error").at("message");
        CHECK(message.starts_with(bad.message));
        CHECK(answer.json() == refusal(code, message, reason, "downstream"));
        check_alive();
    }

    void check_alive() {
        CHECK(text_of(client.call_tool("echo", {{"message", "fine"}})) == "fine");
    }
};

}  // namespace

TEST_CASE("what is not JSON is refused with 400 and -32700") {
    MessageTarget target;
    for (const BadBody& bad : kUnparseable)
        target.check_refused(bad, 400, -32700, "parse");
}

TEST_CASE("JSON that is no JSON-RPC message is refused with 400 and -32600") {
    MessageTarget target;
    for (const BadBody& bad : kShapeless)
        target.check_refused(bad, 400, -32600, "invalid_request");
}

TEST_CASE("bad bodies are refused before there is a session, too") {
    ReverseProxy proxy(kDemoServer);
    HttpClient client(proxy.port());
    CHECK(client.ask(mcp_post("{")).status == 400);
    CHECK(client.ask(mcp_post("[]")).status == 400);
    McpClient good = proxy.client();
    good.initialize();
}

TEST_CASE("a depth within the limit is no fault") {
    MessageTarget target;
    const HttpResponse answer = target.client.post(nested(100));
    CHECK(answer.status == 200);
    CHECK(answer.json().contains("result"));
}

TEST_CASE("a body beyond the limit is refused with 413, announced or not") {
    MessageTarget target;
    const std::string text = R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"x":")" +
                             std::string(1024 * 1024, 'x') + R"("}})";
    const Json expected =
        refusal(-32600, "the body exceeds the limit of 1048576 bytes", "too_large", "downstream");
    const HttpResponse announced =
        HttpClient(target.proxy.port()).ask(mcp_post(text, target.client.headers()));
    CHECK(announced.status == 413);
    CHECK(announced.json() == expected);
    Headers headers = target.client.headers();
    headers.emplace_back("Transfer-Encoding", "chunked");
    HttpClient chunking(target.proxy.port());
    chunking.send(mcp_post("100008\r\n" + text.substr(0, 0x100008), headers));
    const HttpResponse unannounced = chunking.read();
    CHECK(unannounced.status == 413);
    CHECK(unannounced.json() == expected);
    target.check_alive();
}

TEST_CASE("a body just within the limit is taken") {
    MessageTarget target;
    const std::string frame =
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo",)"
        R"("arguments":{"message":""}}})";
    const std::string text(1048576 - frame.size(), 'x');
    const HttpResponse answer =
        target.client.post(frame.substr(0, frame.size() - 4) + text + "\"}}}");
    CHECK(answer.status == 200);
    const bool same = text_of(answer.json()) == text;
    CHECK(same);
}
