// SPDX-License-Identifier: Apache-2.0
// What `shadowcat intercept` asks and prints.
#include "cli/intercept_command.hpp"

#include "cli/scripted_proxy.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace shadowcat;
using namespace shadowcat::intercept;
using namespace shadowcat::intercept::testing;

namespace {

const Json kPaused = {{"id", 3},
                      {"rule", "pay"},
                      {"session", "s-1"},
                      {"upstream", "server"},
                      {"direction", "client_to_server"},
                      {"kind", "request"},
                      {"method", "tools/call"},
                      {"name", "pay\x1b[31m"},
                      {"message_id", "7"},
                      {"size", 120},
                      {"edited", true},
                      {"since", "2026-11-25T21:31:44.250Z"},
                      {"waited_ms", 1600},
                      {"deadline_ms", 298400},
                      {"at_deadline", "resume"}};

/// One run: exit code, output, errors, questions.
class Run {
public:
    Run(const std::vector<std::string>& arguments, std::deque<ScriptedProxy::Answer> answers)
        : proxy(std::move(answers)) {
        code = perform_intercept(*parse_intercept(arguments), proxy, context);
    }

    std::string output() const { return context.output.str(); }
    std::string errors() const { return context.complaints.str(); }

    Surroundings context;
    ScriptedProxy proxy;
    int code = 0;
};

std::vector<Json> lines(Json line) { return {std::move(line)}; }

}  // namespace

TEST_CASE("the list is a table, safe to print") {
    const Run run({"list"}, {lines(kPaused)});
    CHECK(run.code == 0);
    CHECK(run.proxy.asked == std::vector<Json>{{{"verb", "intercept.list"}}});
    CHECK(run.output() ==
          "ID  MESSAGE                        DIRECTION        SIZE   RULE  SESSION  UPSTREAM  "
          "WAITING  LEFT\n"
          "3   tools/call pay\\u001b[31m       client → server  120 B  pay   s-1      server    "
          "2 s      298 s  edited\n");
}

TEST_CASE("an empty list says so; for programs it is empty") {
    CHECK(Run({"list"}, {std::vector<Json>()}).output() == "nothing is paused\n");
    CHECK(Run({"list", "--json"}, {std::vector<Json>()}).output().empty());
}

TEST_CASE("for programs there is one object per line") {
    const std::string output = Run({"list", "--json"}, {lines(kPaused)}).output();
    CHECK(Json::parse(output) == kPaused);
    CHECK(output.find('\x1b') == std::string::npos);
}

TEST_CASE("what happens is told line by line") {
    Json paused = kPaused;
    paused["event"] = "paused";
    const std::vector<Json> news = {
        paused,
        {{"event", "released"}, {"id", 3}, {"how", "resumed"}, {"passes", true}, {"edited", true}},
        {{"event", "released"}, {"id", 4}, {"how", "deadline"}, {"passes", false}},
        {{"event", "lost"}, {"count", 5}}};
    CHECK(Run({"list", "--follow"}, {news}).output() ==
          "paused    3  tools/call pay\\u001b[31m  client → server, 120 B, rule pay, session s-1, "
          "298 s left, then resumed\n"
          "released  3  resumed, edited\n"
          "released  4  deadline, it went no further\n"
          "lost  5\n");
}

TEST_CASE("a message is shown laid out, or as it is") {
    const std::string text = R"({"id":9007199254740993,"a":[]})";
    const auto shown = lines({{"id", 3}, {"message", text}});
    CHECK(Run({"show", "3"}, {shown}).output() ==
          "{\n  \"id\": 9007199254740993,\n  \"a\": []\n}\n");
    const Run raw({"show", "3", "--raw"}, {shown});
    CHECK(raw.output() == text + "\n");
    CHECK(raw.proxy.asked.front() == Json{{"verb", "intercept.show"}, {"id", 3}});
}

TEST_CASE("messages are resumed and dropped") {
    const Run one({"resume", "3"}, {lines({{"count", 1}})});
    CHECK(one.output() == "resumed 1 message\n");
    CHECK(one.proxy.asked.front() == Json{{"verb", "intercept.resume"}, {"id", 3}});
    const Run all({"drop", "all"}, {lines({{"count", 2}})});
    CHECK(all.output() == "dropped 2 messages\n");
    CHECK(all.proxy.asked.front() == Json{{"verb", "intercept.drop"}, {"id", "all"}});
}

TEST_CASE("a file takes a message's place") {
    const std::string path =
        std::filesystem::temp_directory_path() / ("edit-" + std::to_string(::getpid()));
    std::ofstream(path) << "{ \"id\": 1 }\n";
    const Run run({"edit", "3", "--file", path}, {lines({{"edited", 3}})});
    CHECK(run.output() == "edited message 3, which waits on\n");
    CHECK(run.proxy.asked.front().at("message") == R"({"id":1})");
    CHECK(run.proxy.asked.front().at("resume") == false);
    const Run resumed({"edit", "3", "--file", path, "--resume"}, {lines({{"edited", 3}})});
    CHECK(resumed.output() == "edited message 3 and resumed it\n");
    std::filesystem::remove(path);
}

TEST_CASE("the editor is $VISUAL or $EDITOR") {
    const auto shown = lines({{"message", "{\"id\":1}"}});
    Surroundings context;
    ScriptedProxy proxy({shown, lines({{"edited", 3}})});
    context.variables = {{"VISUAL", "sed -i s/1/2/"}, {"EDITOR", "false"}};
    CHECK(perform_intercept(*parse_intercept({"edit", "3"}), proxy, context) == 0);
    CHECK(proxy.asked.at(1).at("message") == R"({"id":2})");
    context.variables.erase("VISUAL");
    CHECK(perform_intercept(*parse_intercept({"edit", "3"}), proxy, context) == 1);
}

TEST_CASE("rules are a table") {
    const Json rule = {
        {"rule", "pay"}, {"enabled", true}, {"matches", 12}, {"applied", 3}, {"failed", 0}};
    CHECK(Run({"rules"}, {lines(rule)}).output() ==
          "RULE  ENABLED  MATCHES  APPLIED  FAILED\n"
          "pay   yes      12       3        0\n");
}

TEST_CASE("what the proxy refuses is one line on stderr and exit code 1") {
    const Run run({"show", "3"}, {refusal("no message 3 is paused\x1b")});
    CHECK(run.code == 1);
    CHECK(run.output().empty());
    CHECK(run.errors() == "shadowcat: intercept: no message 3 is paused\\u001b\n");
}

TEST_CASE("wrong usage is exit code 2, no proxy 1") {
    Surroundings context;
    InterceptCommand command;
    CHECK(command.run({"huh"}, context) == 2);
    CHECK(command.run({"list", "--proxy", "./no/such.sock"}, context) == 1);
    CHECK(context.complaints.str().find(
              "no proxy answers at ./no/such.sock: No such file or directory") !=
          std::string::npos);
    CHECK(command.run({"--help"}, context) == 0);
    CHECK(context.output.str().starts_with("Handle the messages"));
}
