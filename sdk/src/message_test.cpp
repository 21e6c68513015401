// SPDX-License-Identifier: Apache-2.0
// The envelope of a message: what is read, what is refused, what splicing leaves alone.
#include "shadowcat/sdk/message.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::sdk;

namespace {

Message parsed(std::string text) {
    auto message = Message::parse(std::move(text));
    REQUIRE_MESSAGE(message.has_value(), message.error().message());
    return *message;
}

ErrorCode refused(std::string text, const ParseLimits& limits = ParseLimits()) {
    const auto message = Message::parse(std::move(text), limits);
    REQUIRE(message.has_error());
    return message.error().code();
}

}  // namespace

TEST_CASE("a request's envelope") {
    const Message m = parsed(
        R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"name":"x","deep":[{"id":1}]},"_meta":{"progressToken":"p-1","io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})");
    CHECK(m.is_request());
    CHECK(m.id() == "7");
    CHECK(m.method() == "tools/call");
    CHECK(m.name() == "echo");
    CHECK(m.progress_token() == "\"p-1\"");
    CHECK(m.meta_version() == "2026-07-28");
}

TEST_CASE("an id keeps its JSON type") {
    CHECK(parsed(R"({"jsonrpc":"2.0","id":0,"method":"ping"})").id() == "0");
    CHECK(parsed(R"({"jsonrpc":"2.0","id":"0","method":"ping"})").id() == "\"0\"");
    CHECK(parsed(R"({"jsonrpc":"2.0","id":-12 , "method":"ping"})").id() == "-12");
}

TEST_CASE("kinds") {
    CHECK(parsed(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").is_notification());
    CHECK(parsed(R"({"result":{"id":3},"id":3,"jsonrpc":"2.0"})").kind() == MessageKind::result);
    CHECK(parsed(R"({"jsonrpc":"2.0","id":"a","error":{"code":1,"message":"x"}})").kind() ==
          MessageKind::error);
    const Message unaddressed =
        parsed(R"({"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}})");
    CHECK(unaddressed.is_response());
    CHECK(unaddressed.id().empty());
}

TEST_CASE("notification parts") {
    const Message progress = parsed(
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":5,"progress":1}})");
    CHECK(progress.progress_token() == "5");
    const Message cancelled = parsed(
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"x","reason":"r"}})");
    CHECK(cancelled.cancelled_id() == "\"x\"");
    const Message updated = parsed(
        R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"a:\/\/b"}})");
    CHECK(updated.name() == "a://b");
}

TEST_CASE("escaped keys and methods are read as what they mean") {
    const Message m = parsed(
        R"({"jsonrpc":"2.0","id":1,"\u006dethod":"tools\/call","params":{"na\u006de":"e\u0063ho"}})");
    CHECK(m.method() == "tools/call");
    CHECK(m.name() == "echo");
}

TEST_CASE("splicing changes only the token") {
    Message m = parsed(
        "{ \"jsonrpc\":\"2.0\", \"id\" : \"client-1\" "
        ",\"method\":\"tools/call\",\"params\":{\"x\":12345678901234567890,"
        "\"_meta\":{\"progressToken\": 3 }}}");
    m.set_progress_token("99");
    m.set_id("41");
    CHECK(m.bytes() ==
          "{ \"jsonrpc\":\"2.0\", \"id\" : 41 "
          ",\"method\":\"tools/call\",\"params\":{\"x\":12345678901234567890,"
          "\"_meta\":{\"progressToken\": 99 }}}");
    CHECK(m.id() == "41");
    CHECK(m.progress_token() == "99");
    CHECK(m.method() == "tools/call");
    m.set_id("\"client-1\"");
    CHECK(m.progress_token() == "99");
}

TEST_CASE("numbers that no machine type holds pass unchanged") {
    const std::string text =
        R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"big":123456789012345678901234567890,"n":-0.10}})";
    CHECK(parsed(text).bytes() == text);
    for (const char* number :
         {"1e400", "-1E-9999", "0.0000000000000000000000000000000001e+77", "-0"}) {
        CAPTURE(number);
        const std::string odd = R"({"jsonrpc":"2.0","id":7,"method":"m","params":{"n":[)" +
                                std::string(number) + " ]}}";
        CHECK(parsed(odd).bytes() == odd);
        CHECK(parsed(odd).id() == "7");
    }
    for (const char* wrong : {"1e", "01", "-", "1.", "1e400x", "+1", "99999999999999999999.e1"}) {
        CAPTURE(wrong);
        CHECK(refused(R"({"jsonrpc":"2.0","method":"m","params":{"big":99999999999999999999,"n":)" +
                      std::string(wrong) + "}}") == ErrorCode::parse);
    }
}

TEST_CASE("not JSON") {
    CHECK(refused("") == ErrorCode::parse);
    CHECK(refused("{") == ErrorCode::parse);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"method":"m"} x)") == ErrorCode::parse);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":01}})") ==
          ErrorCode::parse);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":nul}})") ==
          ErrorCode::parse);
    CHECK(refused("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}") == ErrorCode::parse);
}

TEST_CASE("duplicate keys in the envelope") {
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"id":2,"method":"m"})") == ErrorCode::parse);
    CHECK(
        refused(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"name":"a","n\u0061me":"b"}})") ==
        ErrorCode::parse);
    CHECK(refused(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"a":1,"a":1}}})") ==
          ErrorCode::parse);
    std::string many = R"({"jsonrpc":"2.0","id":1,"method":"m","params":{)";
    for (int i = 0; i < 50; ++i)
        many += "\"k" + std::to_string(i) + "\":0,";
    CHECK(refused(many + "\"k30\":1}}") == ErrorCode::parse);
    CHECK(parsed(many + "\"k50\":1}}").is_request());
}

TEST_CASE("JSON, but not JSON-RPC") {
    for (const char* text :
         {"[]", "3", "\"x\"", "{}", R"({"jsonrpc":"1.0","id":1,"method":"m"})",
          R"({"jsonrpc":"2.0","id":null,"method":"m"})",
          R"({"jsonrpc":"2.0","id":1.5,"method":"m"})", R"({"jsonrpc":"2.0","id":1,"method":7})",
          R"({"jsonrpc":"2.0","id":1,"method":""})", R"({"jsonrpc":"2.0","id":1})",
          R"({"jsonrpc":"2.0","result":{}})",
          R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1]})",
          R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})",
          R"([{"jsonrpc":"2.0","method":"m"}])"}) {
        CAPTURE(text);
        CHECK(refused(text) == ErrorCode::invalid_request);
    }
}

TEST_CASE("limits") {
    const std::string text = R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[[[[]]]]}})";
    CHECK(refused(text, ParseLimits(10, 100)) == ErrorCode::too_large);
    CHECK(refused(text, ParseLimits(1000, 5)) == ErrorCode::parse);
    CHECK(Message::parse(text, ParseLimits(1000, 7)).has_value());
    CHECK(
        refused(
            R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"b":99999999999999999999999,"a":[[[[]]]]}})",
            ParseLimits(1000, 5)) == ErrorCode::parse);
}

TEST_CASE("pretty-printed text becomes one line, its values untouched") {
    Message m = parsed(
        "{\n  \"jsonrpc\": \"2.0\",\r\n  \"id\": 1,\n  \"method\": \"m\",\n"
        "  \"params\": { \"t\": \"a \\n b\", \"n\": 1.50 }\n}");
    m.make_single_line();
    CHECK(m.bytes() == R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"t":"a \n b","n":1.50}})");
    CHECK(m.id() == "1");
    Message spaced = parsed(R"({ "jsonrpc": "2.0", "id": 1, "method": "m" })");
    spaced.make_single_line();
    CHECK(spaced.bytes() == R"({ "jsonrpc": "2.0", "id": 1, "method": "m" })");
}

TEST_CASE("a large message after many small ones and back") {
    const std::string large = R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"t":")" +
                              std::string(3'000'000, 'x') + "\"}}";
    for (int round = 0; round < 2; ++round) {
        CHECK(parsed(large).bytes().size() == large.size());
        for (int i = 0; i < 100; ++i)
            CHECK(parsed(R"({"jsonrpc":"2.0","method":"m"})").method() == "m");
    }
}
