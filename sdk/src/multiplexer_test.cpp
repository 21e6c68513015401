// SPDX-License-Identifier: Apache-2.0
// A link over a pipe, played as transcripts: what the server sees, what each client gets.
#include "multiplexer_scene.hpp"

using namespace shadowcat::sdk;
using namespace shadowcat::sdk::test;

TEST_CASE("two clients with the same id get their own answers, in any order") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"a"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":1,"method":"b"})");
    CHECK(scene.server.got == Lines{R"({"jsonrpc":"2.0","id":1024,"method":"a"})",
                                    R"({"jsonrpc":"2.0","id":2049,"method":"b"})"});
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{"for":"b"}})");
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{"for":"a"}})");
    CHECK(a.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":{"for":"a"}})"});
    CHECK(b.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":{"for":"b"}})"});
    CHECK(a.outcome->has_value());
}

TEST_CASE("an id gets its JSON type back, and a number is not a string") {
    Client a;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":"0","method":"a"})");
    scene.say(R"({"jsonrpc":"2.0","id":"1024","result":{}})");
    CHECK(a.got.empty());
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    CHECK(a.got == Lines{R"({"jsonrpc":"2.0","id":"0","result":{}})"});
}

TEST_CASE("progress reaches its owner before the response, with the owner's token") {
    Client a, b;
    Scene scene;
    scene.call(a,
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":"t"}}})");
    scene.call(b,
               R"({"jsonrpc":"2.0","id":2,"method":"x","params":{"_meta":{"progressToken":"t"}}})");
    CHECK(scene.server.got[0] ==
          R"({"jsonrpc":"2.0","id":1024,"method":"x","params":{"_meta":{"progressToken":1024}}})");
    scene.say(
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":1}})");
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    scene.say(
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":2}})");
    CHECK(
        a.got ==
        Lines{
            R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}})",
            R"({"jsonrpc":"2.0","id":1,"result":{}})"});
    CHECK(b.got.empty());
    CHECK(scene.events.got.empty());
}

TEST_CASE(
    "on an exclusive link requests and log lines go to the newest call, changes to the session") {
    Client a;
    Scene scene;
    const std::string ask =
        R"({"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}})";
    const std::string changed = R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})";
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.say(ask);
    scene.say(changed);
    CHECK(a.got == Lines{ask});
    CHECK(scene.events.got == Lines{changed});
}

TEST_CASE("on a shared link what the server says by itself goes to the owner of the link") {
    LinkOptions shared;
    shared.exclusive = false;
    Client a;
    Scene scene(shared);
    const std::string ask = R"({"jsonrpc":"2.0","id":7,"method":"roots/list"})";
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.say(ask);
    CHECK(a.got.empty());
    CHECK(scene.events.got == Lines{ask});
}

TEST_CASE(
    "a client's cancellation reaches the server under the id it knows; the late answer is "
    "dropped") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":"c","method":"x"})");
    a.cancellation.request(
        downstream_error(ErrorCode::cancelled, "by the client"),
        message(
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c","reason":"changed my mind"}})"));
    scene.worker.poll();
    CHECK(
        scene.server.got.back() ==
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1024,"reason":"changed my mind"}})");
    REQUIRE(a.outcome);
    CHECK(a.outcome->error().code() == ErrorCode::cancelled);
    scene.say(R"({"jsonrpc":"2.0","id":1024,"result":{}})");
    CHECK(a.got.empty());
    scene.call(b, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    CHECK(scene.server.got.back() == R"({"jsonrpc":"2.0","id":2048,"method":"x"})");
}

TEST_CASE("a timeout cancels with its reason, but never an initialize") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":2,"method":"initialize"})");
    a.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    b.cancellation.request(Error(ErrorCode::timed_out, "too long"));
    scene.worker.poll();
    REQUIRE(scene.server.got.size() == 3);
    CHECK(
        scene.server.got.back() ==
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1024,"reason":"timed_out"}})");
}

TEST_CASE("a server that ends fails every call in flight, once, and says so") {
    Client a, b;
    Scene scene;
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":2,"method":"x"})");
    scene.server.says.close();
    scene.worker.poll();
    CHECK(a.outcome->error().code() == ErrorCode::crashed);
    CHECK(b.outcome->error().code() == ErrorCode::crashed);
    CHECK_FALSE(a.outcome->error().nothing_sent());
    REQUIRE(scene.events.closed);
    CHECK_FALSE(scene.link->alive());
    Client c;
    scene.call(c, R"({"jsonrpc":"2.0","id":3,"method":"x"})");
    CHECK(c.outcome->error().nothing_sent());
}

TEST_CASE("preserved ids stay as they are, a collision is rewritten and restored") {
    LinkOptions transparent;
    transparent.ids = IdPolicy::preserve;
    Client a, b;
    Scene scene(transparent);
    scene.call(a, R"({"jsonrpc":"2.0","id":1,"method":"x"})");
    scene.call(b, R"({"jsonrpc":"2.0","id":1,"method":"y"})");
    CHECK(scene.server.got == Lines{R"({"jsonrpc":"2.0","id":1,"method":"x"})",
                                    R"({"jsonrpc":"2.0","id":"shadowcat-1024","method":"y"})"});
    scene.say(R"({"jsonrpc":"2.0","id":"shadowcat-1024","result":{}})");
    CHECK(b.got == Lines{R"({"jsonrpc":"2.0","id":1,"result":{}})"});
    const std::string foreign = R"({"jsonrpc":"2.0","id":99,"result":{}})";
    scene.say(foreign);
    CHECK(scene.events.got == Lines{foreign});
}

TEST_CASE("a slow client stalls only what is behind its own message on an exclusive link") {
    Client slow, quick;
    Scene scene;
    slow.hold = true;
    scene.call(slow,
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":1}}})");
    scene.call(quick, R"({"jsonrpc":"2.0","id":2,"method":"x"})");
    const std::string progress =
        R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":1}})";
    scene.say(progress);
    scene.say(progress);
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{}})");
    CHECK(slow.got.size() == 1);
    CHECK(quick.got.empty());
    slow.hold = false;
    slow.released.notify();
    CHECK(slow.got.size() == 2);
    CHECK(quick.got.size() == 1);
    slow.cancellation.request(Error(ErrorCode::timed_out, "end of test"));
}

TEST_CASE("on a shared link a client that lags too far behind fails alone") {
    LinkOptions shared;
    shared.exclusive = false;
    shared.max_queued_messages = 2;
    Client slow, quick;
    Scene scene(shared);
    slow.hold = true;
    scene.call(slow,
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"progressToken":1}}})");
    scene.call(quick, R"({"jsonrpc":"2.0","id":2,"method":"x"})");
    for (int i = 0; i < 5; ++i) {
        scene.say(
            R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1024,"progress":1}})");
    }
    scene.say(R"({"jsonrpc":"2.0","id":2049,"result":{}})");
    CHECK(quick.got.size() == 1);
    slow.released.notify();
    REQUIRE(slow.outcome);
    CHECK(slow.outcome->error().code() == ErrorCode::unavailable);
}
