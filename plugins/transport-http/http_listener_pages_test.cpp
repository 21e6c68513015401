// SPDX-License-Identifier: Apache-2.0
// Pages beside the endpoint, or without one.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;

namespace {

std::string post_to(std::string_view path, std::string_view body, std::string_view fields = {}) {
    const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return request("POST", length + std::string(fields), path) + std::string(body);
}

}  // namespace

TEST_CASE("pages are served beside the endpoint, by GET and HEAD") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const Response health = client.ask(request("GET", "", "/health"));
    CHECK(health.status == 200);
    CHECK(health.field("content-type") == "application/json");
    CHECK(health.body == R"({"status":"ok"})");
    CHECK(client.ask(request("GET", "", "/health?verbose")).status == 200);
    CHECK(client.ask(request("GET", "", "/sick")).status == 503);
    client.send(request("HEAD", "", "/health"));
    const Response head = client.read_head();
    CHECK(head.status == 200);
    CHECK(head.field("content-length") == "15");
    CHECK(client.ask(request("GET", "", "/health")).body == health.body);  // HEAD had no body
    const Response posted = client.ask(request("POST", "", "/health"));
    CHECK(posted.status == 405);
    CHECK(posted.field("allow") == "GET, HEAD");
    CHECK(client.ask(request("GET", "Origin: http://evil.example\r\n", "/health")).status == 403);
}

TEST_CASE("a page that acts is asked by POST, whatever the body says") {
    ListenerRig rig;
    RawClient client = rig.connect();
    CHECK(client.ask(post_to("/act?now=1", "")).status == 200);
    CHECK(rig.host.journal.has("page POST /act now=1"));
    CHECK(client.ask(post_to("/act", std::string(65536, 'x'))).status == 200);
    const Response got = client.ask(request("GET", "", "/act"));
    CHECK(got.status == 405);
    CHECK(got.field("allow") == "POST");
    CHECK(rig.host.journal.count("page POST /act ") == 1);
}

TEST_CASE("what asks for a page is bounded") {
    ListenerRig rig;
    RawClient client = rig.connect();
    const Response large = client.ask(post_to("/act", std::string(65537, 'x')));
    CHECK(large.status == 413);
    CHECK(large.body.find("the limit of 65536 bytes") != std::string::npos);
    RawClient other = rig.connect();
    const Response chunked = other.ask(request("POST", "Transfer-Encoding: chunked\r\n", "/act") +
                                       "20000\r\n" + std::string(0x20000, 'x') + "\r\n0\r\n\r\n");
    CHECK(chunked.status == 413);
    CHECK(chunked.body.find("the limit of 65536 bytes") != std::string::npos);
    CHECK_FALSE(rig.host.journal.has("page POST /act "));
}

TEST_CASE("foreign web pages and names can't act") {
    ListenerRig rig;
    RawClient client = rig.connect();
    CHECK(client.ask(post_to("/act", "", "Origin: http://evil.example\r\n")).status == 403);
    std::string named = post_to("/act", "");
    named.replace(named.find("localhost"), 9, "evil.com.");
    CHECK(client.ask(named).status == 403);
    CHECK(client.ask(post_to("/act", "", "Origin: http://localhost:1\r\n")).status == 200);
    CHECK(rig.host.journal.count("page POST /act ") == 1);
}

TEST_CASE("other methods on a page are refused here") {
    ListenerRig rig;
    RawClient client = rig.connect();
    for (const char* method : {"PUT", "DELETE", "OPTIONS"}) {
        const Response refused = client.ask(request(method, "", "/health"));
        CHECK(refused.status == 405);
        CHECK(refused.field("allow") == "GET, HEAD, POST");
    }
}

TEST_CASE("an empty path: no endpoint, only pages") {
    ListenerRig rig(Json{{"path", ""}});
    CHECK(rig.listener->address() == "http://127.0.0.1:" + std::to_string(rig.port));
    RawClient client = rig.connect();
    CHECK(client.ask(request("GET", "", "/health")).status == 200);
    const Response nothing = client.ask(post(kInitialize));
    CHECK(nothing.status == 404);
    CHECK(nothing.body.find("nothing is here\"") != std::string::npos);
    CHECK(client.ask(request("GET", "", "/")).status == 404);
    CHECK_FALSE(rig.host.journal.has_any("opened"));
    CHECK_FALSE(rig.host.journal.has_any("refused"));
}
