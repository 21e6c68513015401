// SPDX-License-Identifier: Apache-2.0
// What answers mean: tables of heads and bodies.
#include "upstream_answer.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace shadowcat::http;

namespace {

UpstreamTarget target() {
    std::vector<ConfigError> errors;
    return UpstreamTarget(
        validate(UpstreamTarget::schema(), {{"url", "http://h/mcp"}}, "upstream", errors));
}

ResponseHead head(int status, const std::string& type = "application/json") {
    ResponseHead made;
    made.status = status;
    made.content_type = type;
    return made;
}

class AnswerCase {
public:
    AnswerCase(int with, const char* content_type, bool session, AnswerForm expected,
               ErrorCode error = ErrorCode::internal, const char* words = "")
        : status(with),
          type(content_type),
          in_session(session),
          form(expected),
          code(error),
          text(words) {}

    int status;
    const char* type;
    bool in_session;
    AnswerForm form;
    ErrorCode code;
    const char* text;
};

}  // namespace

TEST_CASE("the head of an answer tells how it goes on, or what went wrong") {
    using Form = AnswerForm;
    using Code = ErrorCode;
    const char* json = "application/json";
    const std::vector<AnswerCase> table = {
        AnswerCase(200, "application/json; charset=utf-8", true, Form::json),
        AnswerCase(200, "text/event-stream", true, Form::events),
        AnswerCase(200, "Text/Event-Stream ; charset=utf-8", false, Form::events),
        AnswerCase(200, "text/html", true, Form::failure, Code::protocol,
                   "Content-Type text/html, neither JSON"),
        AnswerCase(200, "", true, Form::failure, Code::protocol, "answered without a Content-Type"),
        AnswerCase(202, json, true, Form::failure, Code::protocol, "answered 202 to a request"),
        AnswerCase(204, "", true, Form::failure, Code::protocol, "answered 204 to a request"),
        AnswerCase(400, json, true, Form::json_refusal, Code::protocol, "answered 400"),
        AnswerCase(400, "text/plain", true, Form::failure, Code::protocol, "answered 400"),
        AnswerCase(401, json, true, Form::failure, Code::protocol,
                   "answered 401: it wants other credentials"),
        AnswerCase(403, json, true, Form::failure, Code::protocol,
                   "answered 403: it wants other credentials"),
        AnswerCase(404, json, true, Form::failure, Code::unknown_session,
                   "answered 404: it has ended the session"),
        AnswerCase(404, json, false, Form::json_refusal, Code::protocol, "answered 404"),
        AnswerCase(405, "", false, Form::failure, Code::protocol, "answered 405"),
        AnswerCase(429, json, true, Form::failure, Code::unavailable, "answered 429"),
        AnswerCase(500, json, true, Form::failure, Code::protocol, "answered 500"),
        AnswerCase(502, "", true, Form::failure, Code::unavailable, "answered 502"),
        AnswerCase(503, json, true, Form::failure, Code::unavailable, "answered 503"),
    };
    const UpstreamTarget upstream = target();
    for (const AnswerCase& each : table) {
        INFO(each.status << " " << each.type << (each.in_session ? " in a session" : ""));
        const AnswerVerdict verdict =
            judge_answer(upstream, head(each.status, each.type), each.in_session);
        CHECK(verdict.form == each.form);
        CHECK(verdict.error.code() == each.code);
        CHECK(verdict.error.message().find(each.text) != std::string::npos);
        if (*each.text) CHECK(verdict.error.message().starts_with("http://h/mcp: "));
    }
}

TEST_CASE("redirects are not followed, and say whereto without secrets") {
    ResponseHead moved = head(307, "");
    moved.location = "https://user:pw@other.example:444/path?token=secret";
    const AnswerVerdict verdict = judge_answer(target(), moved, true);
    CHECK(verdict.form == AnswerForm::failure);
    CHECK(verdict.error.message() ==
          "http://h/mcp: answered 307, a redirect to other.example:444, which is not followed; "
          "configure the final url");
    moved.location = "/other";
    CHECK(judge_answer(target(), moved, true).error.message().find("the same host") !=
          std::string::npos);
}

TEST_CASE("a compressed answer is refused: nobody asked for it") {
    ResponseHead packed = head(200);
    packed.content_encoding = "gzip";
    const AnswerVerdict verdict = judge_answer(target(), packed, true);
    CHECK(verdict.form == AnswerForm::failure);
    CHECK(verdict.error.message().find("Content-Encoding gzip") != std::string::npos);
}

TEST_CASE("any 2xx accepts a notification") {
    for (int status : {200, 202, 204})
        CHECK_FALSE(judge_acceptance(target(), head(status), true));
    CHECK(judge_acceptance(target(), head(400), true)->code() == ErrorCode::protocol);
    CHECK(judge_acceptance(target(), head(404), true)->code() == ErrorCode::unknown_session);
    CHECK(judge_acceptance(target(), head(404), false)->code() == ErrorCode::protocol);
    CHECK(judge_acceptance(target(), head(503), true)->code() == ErrorCode::unavailable);
}

TEST_CASE("the response must be one, and to this request") {
    const std::vector<std::pair<const char*, const char*>> table = {
        {R"({"jsonrpc":"2.0","id":8,"result":{}})", "another id"},
        {R"({"jsonrpc":"2.0","id":"7","result":{}})", "another id"},
        {R"({"jsonrpc":"2.0","id":7,"method":"ping"})", "no JSON-RPC response"},
        {R"({"jsonrpc":"2.0","method":"notifications/x"})", "no JSON-RPC response"},
        {R"({"jsonrpc":"2.0","id":7,"result":)", "not valid JSON"},
        {R"([])", "not a JSON-RPC 2.0 message"},
        {"", "not valid JSON"},
    };
    for (const auto& [body, why] : table) {
        INFO(body);
        const auto answer = read_answer(target(), body, "7", ParseLimits());
        REQUIRE(answer.has_error());
        CHECK(answer.error().code() == ErrorCode::protocol);
        CHECK(answer.error().message().find(why) != std::string::npos);
    }
    const char* good = R"({ "jsonrpc":"2.0", "id":7, "result":{"big":12345678901234567890123} })";
    CHECK(read_answer(target(), good, "7", ParseLimits())->bytes() == good);
    CHECK(read_answer(target(), good, "7", ParseLimits(20, 10)).error().code() ==
          ErrorCode::too_large);
}

TEST_CASE("an error without an id gets the request's, nothing else changes") {
    const std::vector<std::pair<const char*, const char*>> table = {
        {R"({"jsonrpc":"2.0","error":{"code":-1,"message":"x"}})",
         R"({"id":"a","jsonrpc":"2.0","error":{"code":-1,"message":"x"}})"},
        {R"({"jsonrpc":"2.0","error":{"code":-1,"message":"x"},"id":null})",
         R"({"jsonrpc":"2.0","error":{"code":-1,"message":"x"},"id":"a"})"},
        {R"({"jsonrpc":"2.0", "id" : null , "error":{"code":-1,"message":"x"}})",
         R"({"jsonrpc":"2.0", "id" : "a" , "error":{"code":-1,"message":"x"}})"},
        {R"({"jsonrpc":"2.0","error":{"code":-1,"message":"\"id\":null","data":{"id":null}}})",
         R"({"id":"a","jsonrpc":"2.0","error":{"code":-1,"message":"\"id\":null","data":{"id":null}}})"},
        {R"({"jsonrpc":"2.0","error":{"code":-1,"message":"id","data":"id"},"id":null})",
         R"({"jsonrpc":"2.0","error":{"code":-1,"message":"id","data":"id"},"id":"a"})"},
    };
    for (const auto& [body, expected] : table) {
        INFO(body);
        const auto answer = read_answer(target(), body, "\"a\"", ParseLimits());
        REQUIRE(answer.has_value());
        CHECK(answer->bytes() == expected);
        CHECK(answer->id() == "\"a\"");
    }
}

TEST_CASE("the negotiated revision is read from the result, if it can stand in a header") {
    const auto revision = [](const std::string& version) {
        return negotiated_revision(*Message::parse(
            R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":)" + version + "}}"));
    };
    CHECK(revision(R"("2025-06-18")") == "2025-06-18");
    CHECK(revision(R"("2025\r\nX: y")").empty());
    CHECK(revision("7").empty());
    CHECK(negotiated_revision(*Message::parse(R"({"jsonrpc":"2.0","id":0,"result":7})")).empty());
}

TEST_CASE("the code of an error body is told, its text is not") {
    CHECK(describe_error_body(R"({"error":{"code":-32000,"message":"secret"}})") ==
          " with JSON-RPC error -32000");
    CHECK(describe_error_body("<html>").empty());
    CHECK(describe_error_body("[]").empty());
}

TEST_CASE("what may be repeated: reads, never a tool call") {
    const auto repeatable = [](const char* method) {
        return may_be_repeated(
            *Message::parse(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + "\"}"));
    };
    CHECK(repeatable("tools/list"));
    CHECK(repeatable("ping"));
    CHECK_FALSE(repeatable("tools/call"));
    CHECK_FALSE(repeatable("vendor/unknown"));
    for (const char* method : {"server/discover", "subscriptions/listen", "tasks/get",
                               "tasks/update", "tasks/cancel", "prompts/get"})
        CHECK_MESSAGE(repeatable(method), method);
    CHECK(may_be_repeated(*Message::parse(R"({"jsonrpc":"2.0","method":"notifications/x"})")));
    CHECK_FALSE(may_be_repeated(*Message::parse(R"({"jsonrpc":"2.0","id":1,"result":{}})")));
}

TEST_CASE("what the server may have to see only once is not repeated") {
    const auto repeatable = [](const std::string& method, const std::string& params) {
        return may_be_repeated(*Message::parse(R"({"jsonrpc":"2.0","id":1,"method":")" + method +
                                               R"(","params":)" + params + "}"));
    };
    CHECK(repeatable("prompts/get", R"({"arguments":{"requestState":"s"}})"));
    CHECK_FALSE(repeatable("prompts/get", R"({"requestState":"s"})"));
    CHECK_FALSE(repeatable("resources/read", R"({"inputResponses":{}})"));
    CHECK(repeatable("tasks/update", R"({"inputResponses":{}})"));
}
