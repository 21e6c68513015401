// SPDX-License-Identifier: Apache-2.0
// Every rule with the status it gives, and their order.
#include "request_rules.hpp"

#include "cors.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace shadowcat::http;

namespace {

const HttpListenerOptions& options() {
    static const HttpListenerOptions made = [] {
        std::vector<ConfigError> errors;
        return HttpListenerOptions(
            validate(http_listener_schema(), {{"max_body_bytes", 100}}, "", errors));
    }();
    return made;
}

constexpr std::array<std::string_view, 1> kStateless = {"2026-07-28"};

class KnownRevisions final : public Service {
public:
    Result<std::shared_ptr<ClientSession>> open(const ClientInfo&) override { return Error(); }
    Result<std::shared_ptr<ClientSession>> find(std::string_view, const ClientInfo&) override {
        return Error();
    }
    bool accepts_revision(std::string_view revision) const noexcept override {
        return revision == "2025-06-18";
    }
    std::span<const std::string_view> stateless_revisions() const noexcept override {
        return stateless;
    }

    std::span<const std::string_view> stateless;
};

RequestHead post_head() {
    RequestHead head;
    head.method = Method::post;
    head.target = "/mcp";
    head.host.add("localhost");
    head.content_type.add("application/json");
    head.accept = "application/json, text/event-stream";
    return head;
}

int status(const std::optional<Refusal>& verdict) { return verdict ? verdict->status : 0; }

std::optional<Refusal> at_endpoint(const RequestHead& head) {
    return check_endpoint_head(head, options(), kStateless);
}

int endpoint(const RequestHead& head) { return status(at_endpoint(head)); }

int session(const RequestHead& head, bool initialize = false) {
    return status(check_session_fields(head, initialize, KnownRevisions()));
}

}  // namespace

TEST_CASE("Host and Origin") {
    RequestHead head = post_head();
    CHECK(status(check_source(head, options().policy)) == 0);
    head.origin.add("http://localhost:3000");
    CHECK(status(check_source(head, options().policy)) == 0);
    head.origin.add("http://evil.example");
    CHECK(status(check_source(head, options().policy)) == 403);
    head = post_head();
    head.host.add("evil.example");
    CHECK(status(check_source(head, options().policy)) == 403);
    head.host.clear();  // only HTTP/1.0 gets here without one
    CHECK(status(check_source(head, options().policy)) == 0);
}

TEST_CASE("a POST's media types") {
    RequestHead head = post_head();
    CHECK(endpoint(head) == 0);
    head.accept = "*/*";
    CHECK(endpoint(head) == 0);
    head.accept.clear();
    CHECK(endpoint(head) == 0);
    head.accept = "application/json";
    CHECK(endpoint(head) == 406);
    head.accept = "text/event-stream";
    CHECK(endpoint(head) == 406);
    head.accept = "application/json, text/event-stream;q=0";
    CHECK(endpoint(head) == 406);
    head.content_type.clear();
    CHECK(endpoint(head) == 415);  // before 406
    head.content_type.add("text/plain");
    CHECK(endpoint(head) == 415);
    head = post_head();
    head.encoded = true;
    CHECK(endpoint(head) == 415);
}

TEST_CASE("a body that announces too much is refused unread, after the media types") {
    RequestHead head = post_head();
    head.content_length = 100;
    CHECK(endpoint(head) == 0);
    head.content_length = 101;
    CHECK(endpoint(head) == 413);
    head.accept = "application/json";
    CHECK(endpoint(head) == 406);
}

TEST_CASE("methods of the endpoint") {
    RequestHead head = post_head();
    head.method = Method::remove;
    CHECK(endpoint(head) == 0);
    head.method = Method::get;
    CHECK(endpoint(head) == 0);
    head.accept = "application/json";
    CHECK(endpoint(head) == 406);
    head.accept.clear();
    CHECK(endpoint(head) == 406);
    for (Method method : {Method::head, Method::options, Method::other}) {
        head.method = method;
        const auto verdict = at_endpoint(head);
        CHECK(status(verdict) == 405);
        CHECK(verdict->extra_fields == "Allow: GET, POST, DELETE, OPTIONS\r\n");
    }
    head.method = Method::options;
    head.origin.add("http://localhost");
    CHECK(endpoint(head) == 405);
    head.preflight_method.add("POST");
    CHECK(endpoint(head) == 0);
}

TEST_CASE("who names a stateless revision has only POST, whatever it accepts") {
    RequestHead head = post_head();
    head.protocol_version.add("2026-07-28");
    CHECK(endpoint(head) == 0);
    head.accept.clear();
    for (Method method : {Method::get, Method::remove, Method::head, Method::other}) {
        head.method = method;
        const auto verdict = at_endpoint(head);
        CHECK(status(verdict) == 405);
        CHECK(verdict->extra_fields == "Allow: POST\r\n");
        CHECK(check_endpoint_head(head, options(), {}).has_value() == (method != Method::remove));
    }
    head.method = Method::options;
    head.origin.add("http://localhost");
    head.preflight_method.add("POST");
    CHECK(endpoint(head) == 0);
}

TEST_CASE("too many Mcp-Param headers are refused unread") {
    RequestHead head = post_head();
    head.mirrored.assign(kMostMirrored, sdk::MirroredHeader("a", "b"));
    CHECK(endpoint(head) == 0);
    head.too_many_mirrored = true;
    CHECK(endpoint(head) == 431);
}

TEST_CASE("an unknown revision outside of a session is refused so that both eras can read it") {
    RequestHead head = post_head();
    head.protocol_version.add("2099-\"01");
    KnownRevisions service;
    CHECK(check_session_fields(head, false, service)->rpc_code() == -32600);
    CHECK(check_session_fields(head, false, service)->reason == Reason::session_missing);
    service.stateless = kStateless;
    const auto verdict = check_session_fields(head, false, service);
    CHECK(status(verdict) == 400);
    CHECK(verdict->reason == Reason::protocol_version);
    CHECK(verdict->answer("7").bytes() ==
          R"({"jsonrpc":"2.0","id":7,"error":{"code":-32022,)"
          R"("message":"unsupported MCP-Protocol-Version",)"
          R"("data":{"supported":["2026-07-28"],"requested":"2099-\"01"}}})");
    head.session_id.add("abc");
    CHECK(check_session_fields(head, false, service)->rpc_code() == -32600);
    CHECK_FALSE(check_session_fields(post_head(), true, service));
}

TEST_CASE("only the expectation of 100-continue is met") {
    RequestHead head = post_head();
    head.expects_continue = true;
    CHECK(endpoint(head) == 0);
    head.unmet_expectation = true;
    CHECK(endpoint(head) == 417);
}

TEST_CASE("other paths are pages or nothing") {
    RequestHead head = post_head();
    CHECK(status(check_other_path(head, options(), true)) == 0);
    head.content_length = kMostPageBody + 1;
    CHECK(status(check_other_path(head, options(), true)) == 413);
    CHECK(status(check_other_path(head, options(), false)) == 404);
    head.method = Method::remove;
    CHECK(status(check_other_path(head, options(), true)) == 405);
    head.method = Method::get;
    CHECK(status(check_other_path(head, options(), true)) == 0);
    CHECK(check_other_path(head, options(), false)->error.message() ==
          "nothing is here; the MCP endpoint is /mcp");
}

TEST_CASE("session headers") {
    RequestHead head = post_head();
    CHECK(session(head, true) == 0);
    CHECK(session(head) == 400);
    head.session_id.add("abc");
    CHECK(session(head) == 0);
    CHECK(session(head, true) == 400);
    for (const std::string& id : {std::string(), std::string("a b"), std::string("\xC3\xA9"),
                                  std::string(257, 'a'), std::string("a\tb")}) {
        head = post_head();
        head.session_id.add(id);
        CAPTURE(id);
        CHECK(session(head) == 400);
    }
    head = post_head();
    head.session_id.add(std::string(256, '~'));
    CHECK(session(head) == 0);
}

TEST_CASE("version headers count from the second request on") {
    RequestHead head = post_head();
    head.protocol_version.add("1999-01-01");
    CHECK(session(head, true) == 0);
    head.session_id.add("abc");
    CHECK(session(head) == 400);
    head.protocol_version.clear();
    head.protocol_version.add("2025-06-18");
    CHECK(session(head) == 0);
}

TEST_CASE("a header that stands twice is never first-wins") {
    RequestHead head = post_head();
    head.session_id.add("abc");
    head.session_id.add("abc");
    CHECK(session(head) == 400);
    head = post_head();
    head.session_id.add("abc");
    head.protocol_version.add("2025-06-18");
    head.protocol_version.add("2025-06-18");
    CHECK(session(head) == 400);
}

TEST_CASE("sessions that aren't there") {
    CHECK(refuse_session(Error(ErrorCode::unknown_session, "x")).status == 404);
    const Refusal full = refuse_session(Error(ErrorCode::session_limit, "x"));
    CHECK(full.status == 503);
    CHECK(full.extra_fields == "Retry-After: 1\r\n");
    CHECK(refuse_session(Error(ErrorCode::unavailable, "x")).status == 503);
}

TEST_CASE("CORS echoes the origin and grants only MCP's headers") {
    RequestHead head = post_head();
    std::string out;
    append_cors_fields(out, head);
    CHECK(out.empty());
    head.origin.add("http://localhost:3000");
    append_cors_fields(out, head);
    CHECK(out.starts_with("Access-Control-Allow-Origin: http://localhost:3000\r\n"));
    CHECK(out.find("Access-Control-Expose-Headers: Mcp-Session-Id") != std::string::npos);

    head.preflight_headers.add("x-other, Mcp-Param-City ,mcp-param-a b,mcp-param-z");
    out.clear();
    append_preflight_fields(out, head);
    CHECK(out.find("Mcp-Name, Mcp-Param-City, mcp-param-z\r\n") != std::string::npos);
    CHECK(out.find("x-other") == std::string::npos);
}
