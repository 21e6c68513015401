// SPDX-License-Identifier: Apache-2.0
// The connector `http` in front of servers of 2024-11-05, which have no endpoint for it.
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Then = ServerAnswer::Then;

/// Refuses what is posted to the URL itself; answers to GET with `stream`, and to what is posted
/// elsewhere on the connection of that.
class OldServer {
public:
    OldServer(ServerAnswer refusal, ServerAnswer stream)
        : scene([this](const ServerRequest& request) { return answer(request); }),
          refusal_(std::move(refusal)),
          stream_(std::move(stream)) {}

    ServerAnswer answer(const ServerRequest& request) {
        if (request.method() == "GET") {
            at_ = request.connection;
            return stream_;
        }
        if (request.head.starts_with("POST /mcp ")) return refusal_;
        const Message asked = message(request.body);
        if (asked.is_request()) {
            scene.server.push(at_, chunk(event(result(std::string(asked.id())))));
        }
        return ServerAnswer::accepted();
    }

    /// It speaks Streamable HTTP from now on.
    void renew() {
        refusal_ = ServerAnswer::json(result("0"));
        stream_ = ServerAnswer::status("405 Method Not Allowed");
    }

    UpstreamScene scene;

private:
    ServerAnswer refusal_, stream_;
    std::size_t at_ = 0;
};

ServerAnswer stream() {
    return ServerAnswer::events("event: endpoint\ndata: /messages\n\n", Then::stay);
}

}  // namespace

TEST_CASE("a server without the endpoint is spoken to over HTTP+SSE, from initialize on") {
    for (const char* status : {"400 Bad Request", "404 Not Found", "405 Method Not Allowed"}) {
        OldServer old(ServerAnswer::status(status), stream());
        UpstreamScene& scene = old.scene;
        TestClient opener, caller;
        CHECK(scene.call(opener, kInitialize).has_value());
        CHECK(opener.got == Lines{result("0")});
        CHECK(scene.send(kInitialized).has_value());
        CHECK(scene.call(caller, kCall).has_value());
        CHECK(caller.got == Lines{result("1")});
        CHECK(scene.link->alive());
        const auto& seen = scene.server.requests;
        REQUIRE(seen.size() == 5);
        CHECK(seen[1].head.starts_with("GET /mcp "));
        for (std::size_t i = 2; i < seen.size(); ++i)
            CHECK(seen[i].head.starts_with("POST /messages "));
        scene.close();
        CHECK_FALSE(scene.link->alive());
    }
}

TEST_CASE("what one link found out the next one begins with, and unlearns") {
    OldServer old(ServerAnswer::status("404 Not Found"), stream());
    UpstreamScene& scene = old.scene;
    TestClient first, second, third;
    CHECK(scene.call(first, kInitialize).has_value());
    const std::size_t before = scene.server.requests.size();
    scene.link = scene.open_link();
    CHECK(scene.call(second, kInitialize).has_value());
    CHECK(second.got == Lines{result("0")});
    CHECK(scene.server.requests.size() == before + 2);
    CHECK(scene.server.requests[before].method() == "GET");
    old.renew();
    scene.link = scene.open_link();
    CHECK(scene.call(third, kInitialize).has_value());
    CHECK(third.got == Lines{result("0")});
    CHECK(scene.server.requests.back().head.starts_with("POST /mcp "));
}

TEST_CASE("other refusals say nothing about a server's age") {
    const std::string error = R"({"jsonrpc":"2.0","id":0,"error":{"code":-32022,"message":"no"}})";
    const std::vector<ServerAnswer> table = {
        ServerAnswer::status("401 No"),     ServerAnswer::status("403 No"),
        ServerAnswer::status("429 Slower"), ServerAnswer::status("500 Oops"),
        ServerAnswer::status("503 Busy"),   ServerAnswer::json(error, "", "400 Bad Request")};
    for (const ServerAnswer& refusal : table) {
        INFO(refusal.bytes);
        OldServer old(refusal, stream());
        TestClient client;
        const Result<void> outcome = old.scene.call(client, kInitialize);
        CHECK((outcome.has_error() || client.got == Lines{error}));
        CHECK(old.scene.server.requests.size() == 1);
    }
}

TEST_CASE("a refusal stays what it was when there is no stream with an endpoint either") {
    const std::vector<ServerAnswer> table = {
        ServerAnswer::status("405 No"), ServerAnswer::events(event(result("1")), Then::stay),
        ServerAnswer::events("event: endpoint\ndata: http://evil.example/\n\n", Then::stay)};
    for (const ServerAnswer& answer : table) {
        INFO(answer.bytes);
        OldServer old(ServerAnswer::status("404 Not Found"), answer);
        TestClient client;
        const Result<void> outcome = old.scene.call(client, kInitialize);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().message().find("answered 404") != std::string::npos);
        CHECK(old.scene.server.requests.size() == 2);
    }
}

TEST_CASE("the search for an older server ends with the call, or with the link") {
    OldServer old(ServerAnswer::status("404 Not Found"),
                  ServerAnswer::events(": wait\n\n", Then::stay));
    UpstreamScene& scene = old.scene;
    TestClient client;
    scene.start(client, kInitialize);
    CHECK(scene.wait([&] { return scene.server.requests.size() == 2; }));
    SUBCASE("cancelled") {
        client.cancellation.request(Error(ErrorCode::timed_out, "too long"));
        CHECK(scene.finish(client).error().code() == ErrorCode::timed_out);
    }
    SUBCASE("closed") {
        scene.close();
        CHECK(scene.finish(client).error().code() == ErrorCode::closed);
    }
    SUBCASE("destroyed") {
        auto other = scene.open_link();
        std::swap(scene.link, other);
        other.reset();
        CHECK(scene.finish(client).error().code() == ErrorCode::closed);
    }
}
