// SPDX-License-Identifier: Apache-2.0
// A message's trace context as a header of the request that carries it.
#include "testing/upstream_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

const std::string kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

std::string traced(std::string_view start, const std::string& traceparent) {
    return std::string(start) + R"("params":{"_meta":{"traceparent":")" + traceparent + "\"}}}";
}

constexpr std::string_view kTracedList = R"({"jsonrpc":"2.0","id":2,"method":"tools/list",)";
constexpr std::string_view kTracedNote = R"({"jsonrpc":"2.0","method":"notifications/x",)";

}  // namespace

TEST_CASE("a request's and a notification's trace goes along as a header") {
    UpstreamScene scene(&usual);
    TestClient client;
    CHECK(scene.call(client, traced(kTracedList, kTrace)).has_value());
    CHECK(scene.send(traced(kTracedNote, kTrace)).has_value());
    REQUIRE(scene.server.requests.size() == 2);
    for (const ServerRequest& each : scene.server.requests)
        CHECK(each.header("traceparent") == kTrace);
}

TEST_CASE("no trace, or none that a header may carry: no header") {
    UpstreamScene scene(&usual);
    const std::string zero_id = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
    const std::string with_break = kTrace + R"(\r\nX: y)";
    const std::string later = "01" + kTrace.substr(2) + "-é b";
    for (const std::string& odd : {zero_id, with_break, later, std::string("x")}) {
        CAPTURE(odd);
        TestClient client;
        CHECK(scene.call(client, traced(kTracedList, odd)).has_value());
        CHECK(scene.server.requests.back().head.find("traceparent") == std::string::npos);
        CHECK(scene.server.requests.back().body == traced(kTracedList, odd));
    }
    TestClient client;
    CHECK(scene.call(client, kList).has_value());
    CHECK(scene.server.requests.back().head.find("traceparent") == std::string::npos);
}
