// SPDX-License-Identifier: Apache-2.0
// Requests of a session, as a stateless server gets them.
#include "core/bridge/to_stateless/session_request.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::core;

namespace {

sdk::Message parsed_request(std::string_view text) {
    return sdk::Message::parse(std::string(text)).value();
}

ClientProfile client_with(std::string_view capabilities) {
    return ClientProfile(parsed_request(
        R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"capabilities":)" +
        std::string(capabilities) + R"(,"clientInfo":{"name":"c","version":"1"}}})"));
}

const std::string kMeta = R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                          R"("io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},)"
                          R"("io.modelcontextprotocol/clientCapabilities":{})";

std::string translated(std::string_view request) {
    return stateless_request(parsed_request(request), client_with("{}"), 128).value().bytes();
}

std::string capabilities_of(std::string_view declared) {
    return std::string(stateless_request(parsed_request(R"({"jsonrpc":"2.0","id":1,"method":"a"})"),
                                         client_with(declared), 128)
                           .value()
                           .client_capabilities());
}

}  // namespace

TEST_CASE("what every request must say is put into _meta, whatever the request has") {
    CHECK(translated(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})") ==
          R"({"params":{"_meta":{)" + kMeta +
              R"(}},"jsonrpc":"2.0","id":1,"method":"tools/list"})");
    CHECK(translated(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":null})") ==
          R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)" + kMeta + "}}}");
    CHECK(translated(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{ }})") ==
          R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{)" + kMeta + "} }}");
    CHECK(translated(R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":7,"x":1}})") ==
          R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"_meta":{)" + kMeta + R"(},"x":1}})");
}

TEST_CASE("what the client has in its request stays byte by byte") {
    const std::string before =
        R"({"jsonrpc":"2.0","id":"7","method":"tools/call","params":{"name":"t", "arguments":)"
        R"({"n":12345678901234567890123,"f":1.50,"s":"\u00e4\/"},"_meta":{)";
    const std::string after = R"("progressToken":"p","com.example/x":[1]}}})";
    CHECK(translated(before + after) == before + kMeta + "," + after);
}

TEST_CASE("a client can't speak for the gateway, nor ask for tasks of the other era") {
    CHECK(translated(
              R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{)"
              R"("io.modelcontextprotocol/protocolVersion":"2027-01-01","a":1,)"
              R"("io.modelcontextprotocol/logLevel":"debug"},"task":{"ttl":1},"name":"task"}})") ==
          R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{)" + kMeta +
              R"(,"a":1},"name":"task"}})");
}

TEST_CASE("the client's capabilities, as far as the stateless era has them") {
    CHECK(
        capabilities_of(R"({"roots":{"listChanged":true},"sampling":{"tools":{}},)"
                        R"("elicitation":{},"experimental":{"x":{"n":1.0}},"tasks":{}})") ==
        R"({"roots":{},"sampling":{"tools":{}},"elicitation":{},"experimental":{"x":{"n":1.0}}})");
    CHECK(capabilities_of(R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})") == "{}");
    CHECK(capabilities_of("[]") == "{}");
}

TEST_CASE("a client without a name gets the gateway's, and a level only if it has set one") {
    ClientProfile nobody;
    const std::string plain = nobody.meta();
    CHECK(plain.find(R"(clientInfo":{"name":"shadowcat")") != std::string::npos);
    CHECK(plain.find("logLevel") == std::string::npos);
    CHECK_FALSE(nobody.set_log_level("loud"));
    CHECK(nobody.meta() == plain);
    CHECK(nobody.set_log_level("warning"));
    CHECK(nobody.meta() == plain + R"(,"io.modelcontextprotocol/logLevel":"warning")");
}

TEST_CASE("which input a client can be asked for") {
    const ClientProfile forms = client_with(R"({"elicitation":{}})");
    CHECK(forms.can_answer("elicitation/create", R"({"message":"?"})"));
    CHECK(forms.can_answer("elicitation/create", R"({"mode":"form"})"));
    CHECK_FALSE(forms.can_answer("elicitation/create", R"({"mode":"url"})"));
    CHECK_FALSE(forms.can_answer("sampling/createMessage", "{}"));
    CHECK_FALSE(forms.can_answer("roots/list", ""));
    CHECK_FALSE(forms.can_answer("tools/list", ""));
    const ClientProfile urls =
        client_with(R"({"elicitation":{"url":{}},"roots":{},"sampling":{}})");
    CHECK(urls.can_answer("elicitation/create", R"({"mode":"url"})"));
    CHECK_FALSE(urls.can_answer("elicitation/create", R"({"mode":"form"})"));
    CHECK(urls.can_answer("sampling/createMessage", "{}"));
    CHECK(urls.can_answer("roots/list", ""));
}

TEST_CASE("the same request again, with what its server asked for") {
    const sdk::Message first =
        parsed_request(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t"}})");
    CHECK(with_inputs(first, "\"n\"", R"({"k":{"action":"accept"}})", R"("s\u0041")", 128)
              .value()
              .bytes() ==
          R"({"jsonrpc":"2.0","id":"n","method":"tools/call","params":{"name":"t",)"
          R"("inputResponses":{"k":{"action":"accept"}},"requestState":"s\u0041"}})");
    CHECK(with_inputs(first, "2", "{}", "", 128).value().bytes() ==
          R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t",)"
          R"("inputResponses":{}}})");
    CHECK(with_inputs(first, "2", "", R"("s")", 128).value().bytes() ==
          R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"t",)"
          R"("requestState":"s"}})");
}

TEST_CASE("a request that gets too deep is refused, not damaged") {
    const sdk::Message request =
        parsed_request(R"({"jsonrpc":"2.0","id":1,"method":"a","params":{"x":1}})");
    CHECK(stateless_request(request, client_with("{}"), 10).has_value());
    CHECK(stateless_request(request, client_with("{}"), 3).has_error());
}
