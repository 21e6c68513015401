// SPDX-License-Identifier: Apache-2.0
// The control commands, as their lines.
#include "breakpoints/breakpoint_scene.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;

namespace {

/// Without what depends on the time.
sdk::Json timeless(sdk::Json line) {
    for (const char* key : {"since", "waited_ms", "deadline_ms"}) {
        CHECK(line.contains(key));
        line.erase(key);
    }
    return line;
}

std::string edit_error(const std::string& text) {
    Scene scene;
    Traveller call(kCall);
    scene.start(call);
    const std::string error =
        error_in(scene.ask("intercept.edit", {{"id", 1}, {"message", text}, {"resume", true}}));
    scene.worker.poll();
    CHECK(call.fate() == "waits");
    scene.breakpoints->release_all(scene.worker);
    scene.worker.run();
    CHECK(call.message.bytes() == kCall);
    return error;
}

}  // namespace

TEST_CASE("the list says of each message what it is and whom it belongs to") {
    Scene scene;
    Traveller call(kCall);
    Traveller answer(R"({"jsonrpc":"2.0","id":"x","result":{}})", sdk::Direction::server_to_client);
    answer.settings.at_deadline = PauseSettings::AtDeadline::drop;
    scene.start(call);
    scene.start(answer);
    const auto lines = scene.ask("intercept.list");
    REQUIRE(lines.size() == 2);
    CHECK(timeless(lines[0]) == sdk::Json{{"id", 1},
                                          {"rule", "stop here"},
                                          {"session", "s-1"},
                                          {"upstream", "server"},
                                          {"direction", "client_to_server"},
                                          {"kind", "request"},
                                          {"method", "tools/call"},
                                          {"name", "echo"},
                                          {"message_id", "7"},
                                          {"size", kCall.size()},
                                          {"edited", false},
                                          {"at_deadline", "resume"}});
    CHECK(lines[1].at("kind") == "result");
    CHECK(lines[1].at("method") == "tools/call");  // what it answers
    CHECK(lines[1].at("message_id") == "\"x\"");
    CHECK(lines[1].at("at_deadline") == "drop");
    CHECK(lines[1].at("deadline_ms").get<int>() > 200'000);
    scene.ask("intercept.resume", {{"id", "all"}});
    scene.worker.run();
}

TEST_CASE("a message is shown as the text that it is") {
    Scene scene;
    Traveller call(kCall);
    scene.start(call);
    const auto lines = scene.ask("intercept.show", {{"id", "1"}});
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].at("message") == kCall);
    scene.ask("intercept.resume", {{"id", 1}});
    scene.worker.run();
}

TEST_CASE("an edited message stays in one piece, with its big numbers, on one line") {
    Scene scene;
    Traveller call(kCall);
    scene.start(call);
    const std::string text =
        "{\"jsonrpc\":\"2.0\",\n \"id\":7, \"method\":\"x\",\n"
        " \"params\":{\"n\":12345678901234567890123}}";
    const auto lines =
        scene.ask("intercept.edit", {{"id", 1}, {"message", text}, {"resume", true}});
    CHECK(lines == std::vector<sdk::Json>{{{"edited", 1}, {"resumed", true}}});
    scene.worker.run();
    CHECK(call.fate() == "pass");
    CHECK(call.message.bytes().find('\n') == std::string::npos);
    CHECK(call.message.params() == R"({"n":12345678901234567890123})");
    CHECK(call.message.method() == "x");
}

TEST_CASE("a text that can't take the message's place is refused, and the message waits on") {
    CHECK(edit_error("{").starts_with("the edited text is no message: "));
    CHECK(edit_error(R"({"jsonrpc":"2.0","method":"tools/call"})") ==
          "the message is a request, the edited text a notification");
    CHECK(edit_error(R"({"jsonrpc":"2.0","id":7,"result":{}})") ==
          "the message is a request, the edited text a response");
    CHECK(edit_error(R"({"jsonrpc":"2.0","id":"7","method":"tools/call"})") ==
          "the message has the id 7, the edited text the id \"7\"");
}

TEST_CASE("a result may become an error") {
    Scene scene;
    Traveller answer(R"({"jsonrpc":"2.0","id":1,"result":{}})", sdk::Direction::server_to_client);
    scene.start(answer);
    const std::string error = R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}})";
    scene.ask("intercept.edit", {{"id", 1}, {"message", error}, {"resume", true}});
    scene.worker.run();
    CHECK(answer.message.bytes() == error);
}

TEST_CASE("what is misused or not there says so") {
    Scene scene;
    const std::string number = "'id' must be the number of a paused message";
    CHECK(error_in(scene.ask("intercept.show")) == number);
    CHECK(error_in(scene.ask("intercept.show", {{"id", "all"}})) == number);
    CHECK(error_in(scene.ask("intercept.edit", {{"id", -1}})) == number);
    CHECK(error_in(scene.ask("intercept.edit", {{"id", 1}, {"message", sdk::Json::object()}})) ==
          "'message' must be the message's text, as a string");
    CHECK(error_in(scene.ask("intercept.drop", {{"id", 1.5}})) == number + ", or \"all\"");
    CHECK(error_in(scene.ask("intercept.resume", {{"id", "18446744073709551617"}})) ==
          number + ", or \"all\"");
    CHECK(error_in(scene.ask("intercept.resume", {{"id", 4}})) == "no message 4 is paused");
    CHECK(scene.ask("intercept.resume", {{"id", "all"}}) == std::vector<sdk::Json>{{{"count", 0}}});
}

TEST_CASE("a follower hears of what is paused already, what comes, and what ends") {
    Scene scene;
    Traveller first(kCall), second(kCall);
    scene.start(first);
    Peer follower;
    spawn_logged(scene.worker, scene.answer("intercept.wait", {}, follower), "follow");
    scene.worker.poll();
    REQUIRE(follower.lines.size() == 1);
    CHECK(follower.lines[0].at("event") == "paused");
    CHECK(follower.lines[0].at("id") == 1);
    scene.start(second);
    scene.ask("intercept.drop", {{"id", 1}});
    scene.worker.poll();
    REQUIRE(follower.lines.size() == 3);
    CHECK(follower.lines[1].at("id") == 2);
    CHECK(follower.lines[2] == sdk::Json{{"event", "released"},
                                         {"id", 1},
                                         {"how", "dropped"},
                                         {"passes", false},
                                         {"edited", false}});
    follower.go();
    CHECK(second.fate() == "waits");  // it is nobody's concern but the message's
    scene.ask("intercept.resume", {{"id", 2}});
    scene.worker.run();  // the follower too has ended
    CHECK(follower.lines.size() == 3);
}

TEST_CASE("a follower ends with the rules") {
    Scene scene;
    Peer follower;
    spawn_logged(scene.worker, scene.answer("intercept.wait", {}, follower), "follow");
    scene.worker.poll();
    scene.breakpoints.reset();
    scene.worker.run();
    CHECK(follower.lines.empty());
}
