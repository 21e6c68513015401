// SPDX-License-Identifier: Apache-2.0
// Breakpoints with the real binary: a client that waits, and another terminal that decides.
#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"
#include "harness/stdio_client.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

using namespace integration;

namespace {

using Strings = std::vector<std::string>;

constexpr const char* kHoldCalls = R"(rules:
  - name: hold calls
    match: { direction: client_to_server, method: tools/call }
    do: [ break ]
)";

constexpr const char* kHoldAnswersShortly = R"(rules:
  - name: hold answers
    match: { direction: server_to_client, kind: result, method: tools/call }
    do:
      - break: { deadline_secs: 1, at_deadline: drop }
)";

/// `$XDG_RUNTIME_DIR` of its own: the control sockets of other tests are elsewhere.
class RuntimeDirectory {
public:
    RuntimeDirectory() {
        std::string name = std::filesystem::temp_directory_path() / "intercept-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
        path = name;
    }
    RuntimeDirectory(const RuntimeDirectory&) = delete;
    RuntimeDirectory& operator=(const RuntimeDirectory&) = delete;
    ~RuntimeDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }

    /// `command` with it in its environment.
    Strings with(Strings command, Strings variables = {}) const {
        Strings out = {"/usr/bin/env", "XDG_RUNTIME_DIR=" + path};
        out.insert(out.end(), variables.begin(), variables.end());
        out.insert(out.end(), command.begin(), command.end());
        return out;
    }

    std::size_t sockets() const {
        const std::filesystem::directory_iterator all(path + "/shadowcat");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    std::string path;
};

/// `shadowcat forward` with rules, its client, and the other terminal.
class Scene {
public:
    explicit Scene(const char* rules_text, const Strings& variables = {})
        : rules(rules_text),
          client(runtime.with({kShadowcat, "forward", "--log-level", "info", "--rules",
                               rules.path(), "--", kDemoServer},
                              variables)) {
        client.initialize();
    }

    Finished intercept(Strings arguments, std::string_view input = {},
                       const Strings& variables = {}) const {
        arguments.insert(arguments.begin(), {kShadowcat, "intercept"});
        return Finished(runtime.with(arguments, variables), input);
    }

    Json list() const {
        Json all = Json::array();
        std::istringstream lines(intercept({"list", "--json"}).output);
        for (std::string line; std::getline(lines, line);)
            all.push_back(Json::parse(line));
        return all;
    }

    /// The messages that wait, once there are `count`.
    Json wait_for_paused(std::size_t count) const {
        Json all;
        const auto there = [&] { return (all = list()).size() == count; };
        if (!eventually(there)) throw Impatient("not paused; the log:\n" + log());
        return all;
    }

    std::string log() const { return client.process().log(); }

    RuntimeDirectory runtime;
    TemporaryFile rules;
    mutable StdioClient client;
};

}  // namespace

TEST_CASE("a call waits until another terminal lets it go") {
    Scene scene(kHoldCalls);
    scene.client.call_tool(1, "echo", {{"message", "hello"}});
    const Json paused = scene.wait_for_paused(1);
    CHECK(paused[0].at("rule") == "hold calls");
    CHECK(paused[0].at("method") == "tools/call");
    CHECK(paused[0].at("name") == "echo");
    CHECK(scene.intercept({"list"}).output.find("tools/call echo") != std::string::npos);
    scene.client.request(2, "ping");  // others don't wait
    CHECK(scene.client.answer_to(2).contains("result"));
    const Finished resumed = scene.intercept({"resume", "1"});
    CHECK(resumed.output == "resumed 1 message\n");
    CHECK(resumed.exit == "exit 0");
    CHECK(text_of(scene.client.answer_to(1)) == "hello");
    CHECK(scene.intercept({"list"}).output == "nothing is paused\n");
    CHECK(scene.intercept({"rules"}).output.find("hold calls") != std::string::npos);
    CHECK(scene.client.finish() == "exit 0");
    CHECK(scene.runtime.sockets() == 0);
}

TEST_CASE("a call is edited by hand, by file and in an editor, then goes on with its id") {
    Scene scene(kHoldCalls);
    scene.client.call_tool(9007199254740993, "echo", {{"message", "hello"}});
    scene.wait_for_paused(1);
    const Finished shown = scene.intercept({"show", "1"});
    CHECK(shown.output.find("\"id\": 9007199254740993") != std::string::npos);
    const Finished wrong = scene.intercept({"edit", "1", "--file", "-"}, R"({"jsonrpc":"2.0"})");
    CHECK(wrong.exit == "exit 1");
    CHECK(wrong.errors.starts_with("shadowcat: intercept: the edited text is no message"));
    std::string text = shown.output;
    text.replace(text.find("hello"), 5, "by file");
    const Finished edited = scene.intercept({"edit", "1", "--file", "-"}, text);
    CHECK(edited.output == "edited message 1, which waits on\n");
    CHECK(scene.list()[0].at("edited") == true);
    const Finished in_editor =
        scene.intercept({"edit", "1", "--resume"}, {}, {"VISUAL=sed -i 's/by file/by editor/'"});
    CHECK(in_editor.output == "edited message 1 and resumed it\n");
    const Json answer = scene.client.answer_to(9007199254740993);
    CHECK(text_of(answer) == "by editor");
    CHECK(scene.client.finish() == "exit 0");
}

TEST_CASE("a dropped call is answered with an error") {
    Scene scene(kHoldCalls);
    scene.client.call_tool(1, "echo", {{"message", "a"}});
    scene.client.call_tool(2, "echo", {{"message", "b"}});
    scene.wait_for_paused(2);
    CHECK(scene.intercept({"drop", "all"}).output == "dropped 2 messages\n");
    for (const int id : {1, 2})
        CHECK(scene.client.answer_to(id).at("error").at("data").at("reason") == "blocked");
    CHECK(scene.client.finish() == "exit 0");
}

TEST_CASE("nobody comes: the deadline decides") {
    Scene scene(kHoldAnswersShortly);
    scene.client.call_tool(1, "echo", {{"message", "a"}});
    CHECK(scene.client.answer_to(1).at("error").at("data").at("reason") == "blocked");
    CHECK(scene.client.process().logged({"paused message released", "deadline"}));
    CHECK(scene.client.finish() == "exit 0");
}

TEST_CASE("a call may wait longer than a server may be silent") {
    Scene scene(kHoldCalls, {"SHADOWCAT_REVERSE_PROXY__LIMITS__REQUEST_TIMEOUT_SECS=1"});
    scene.client.call_tool(1, "echo", {{"message", "a"}});
    const auto waited_long = [&] {
        const Json paused = scene.list();
        return paused.empty() || paused[0].at("waited_ms") > 2500;
    };
    scene.wait_for_paused(1);
    CHECK(eventually(waited_long));
    CHECK(scene.intercept({"resume", "1"}).exit == "exit 0");
    CHECK(text_of(scene.client.answer_to(1)) == "a");
    CHECK(scene.client.finish() == "exit 0");
}

TEST_CASE("a terminal that follows and is killed changes nothing") {
    Scene scene(kHoldCalls);
    scene.client.call_tool(1, "echo", {{"message", "a"}});
    scene.wait_for_paused(1);
    {
        Process follower(scene.runtime.with({kShadowcat, "intercept", "list", "--follow"}));
        const auto line = follower.read_line();
        REQUIRE(line.has_value());
        CHECK(line->starts_with("paused    1  tools/call echo"));
        follower.signal(SIGKILL);
        follower.wait_exit();
    }
    CHECK(scene.list().size() == 1);
    CHECK(scene.intercept({"resume", "all"}).output == "resumed 1 message\n");
    CHECK(text_of(scene.client.answer_to(1)) == "a");
    CHECK(scene.client.finish() == "exit 0");
}

TEST_CASE("followers hear of everything, and end with the proxy") {
    Scene scene(kHoldCalls);
    Process follower(scene.runtime.with({kShadowcat, "intercept", "list", "--follow"}));
    scene.client.call_tool(1, "echo", {{"message", "a"}});
    CHECK(follower.read_line().value_or("").starts_with("paused    1  "));
    scene.intercept({"resume", "1"});
    CHECK(follower.read_line() == "released  1  resumed");
    scene.client.answer_to(1);
    CHECK(scene.client.finish() == "exit 0");
    CHECK(follower.read_to_end().empty());
    CHECK(follower.wait_exit() == "exit 0");
}

TEST_CASE("SIGTERM ends a proxy that holds a message, in bounded time") {
    Scene scene(kHoldCalls, {"SHADOWCAT_REVERSE_PROXY__LIMITS__DRAIN_TIMEOUT_SECS=1"});
    scene.client.call_tool(1, "echo", {{"message", "a"}});
    scene.wait_for_paused(1);
    const auto children = children_of(scene.client.process().pid());
    scene.client.process().signal(SIGTERM);  // the server gets it too, and dies by it
    CHECK(scene.client.process().wait_exit() == "exit 143");
    CHECK(scene.client.process().logged({"stopped"}));
    for (const ProcessEntry& child : children)
        CHECK_FALSE(is_running(child.pid));
    CHECK(scene.runtime.sockets() == 0);
}

TEST_CASE("without a proxy, and without breakpoints in it, a command says so") {
    const RuntimeDirectory runtime;
    const Finished nobody(runtime.with({kShadowcat, "intercept", "list"}));
    CHECK(nobody.exit == "exit 1");
    CHECK(nobody.errors ==
          "shadowcat: intercept: no running proxy of yours has a control socket in " +
              runtime.path + "/shadowcat\n");
    StdioClient client(runtime.with({kShadowcat, "forward", "--", kDemoServer}));
    client.initialize();
    const Finished no_rules(runtime.with({kShadowcat, "intercept", "list"}));
    CHECK(no_rules.exit == "exit 1");
    CHECK(no_rules.errors.starts_with(
        "shadowcat: intercept: this proxy has no command 'intercept.list'; it has: info, ping"));
    CHECK(client.finish() == "exit 0");
}
