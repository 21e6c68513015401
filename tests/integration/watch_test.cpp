// SPDX-License-Identifier: Apache-2.0
// The live view with the real binary: on stderr, and from another terminal.
#include "harness/proxy_fixture.hpp"
#include "harness/stdio_client.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

using namespace integration;

namespace {

using Strings = std::vector<std::string>;

/// `$XDG_RUNTIME_DIR` of its own: the control sockets of other tests are elsewhere.
class RuntimeDirectory {
public:
    RuntimeDirectory() {
        std::string name = std::filesystem::temp_directory_path() / "watch-XXXXXX";
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
    Strings with(const Strings& command) const {
        Strings out = {"/usr/bin/env", "XDG_RUNTIME_DIR=" + path};
        out.insert(out.end(), command.begin(), command.end());
        return out;
    }

    std::string path;
};

/// Another terminal with `shadowcat watch`.
class Viewer {
public:
    Viewer(const RuntimeDirectory& runtime, Strings arguments)
        : process(runtime.with(command(std::move(arguments)))) {
        process.wait_for_log({"attached to"});
    }

    /// The next line that holds `words`.
    std::string next(const std::string& words) {
        while (const auto line = process.read_line())
            if (line->find(words) != std::string::npos) return *line;
        throw Impatient("the viewer ended without: " + words);
    }

    static Strings command(Strings arguments) {
        arguments.insert(arguments.begin(), {kShadowcat, "watch"});
        return arguments;
    }

    Process process;
};

/// `shadowcat forward` of the demo server, and its client.
class Forward {
public:
    Forward() : client(runtime.with({kShadowcat, "forward", "--", kDemoServer})) {
        client.initialize();
    }

    std::string echo(int id) {
        client.call_tool(id, "echo", {{"message", "here"}});
        return text_of(client.answer_to(id));
    }

    RuntimeDirectory runtime;
    StdioClient client;
};

const std::string kConversation =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",)"
    R"("capabilities":{},"clientInfo":{"name":"x","version":"1"}}})"
    "\n"
    R"({"jsonrpc":"2.0","method":"notifications/initialized"})"
    "\n"
    R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":)"
    R"({"message":"\u001b[2Jhere"}}})"
    "\n"
    R"({"jsonrpc":"2.0","id":"1","method":"no/such/method"})"
    "\n";

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at)
        ++count;
    return count;
}

}  // namespace

TEST_CASE("forward --watch: stdout has nothing but MCP, stderr a line for each message") {
    const Finished direct({kDemoServer}, kConversation);
    const Finished watched({kShadowcat, "forward", "--watch", "--", kDemoServer}, kConversation);
    CHECK(watched.exit == "exit 0");
    CHECK(watched.output == direct.output);
    CHECK(count_of(watched.errors, " s1 → initialize #0  ") == 1);
    CHECK(count_of(watched.errors, " s1 ← initialize #0  result ") == 1);
    CHECK(count_of(watched.errors, " s1 → notifications/initialized  ") == 1);
    CHECK(count_of(watched.errors, " s1 → tools/call echo #1  ") == 1);
    CHECK(count_of(watched.errors, " s1 ← tools/call echo #1  result ") == 1);
    CHECK(count_of(watched.errors, " s1 ← no/such/method #\"1\"  error -32601 ") == 1);
    CHECK(watched.errors.find('\x1b') == std::string::npos);
}

TEST_CASE("without --watch nothing is shown") {
    const Finished forward({kShadowcat, "forward", "--", kDemoServer}, kConversation);
    CHECK(forward.exit == "exit 0");
    CHECK(forward.errors.find("tools/call") == std::string::npos);
}

TEST_CASE("another terminal sees what passes, until the proxy ends") {
    Forward proxy;
    Viewer viewer(proxy.runtime, {});
    CHECK(proxy.echo(1) == "here");
    CHECK(viewer.next("→ tools/call").find("tools/call echo #1  ") != std::string::npos);
    const std::string answer = viewer.next("← tools/call");
    CHECK(answer.find("tools/call echo #1  result ") != std::string::npos);
    CHECK(answer.find(" ms ") != std::string::npos);
    CHECK(answer.find('\x1b') == std::string::npos);
    CHECK(proxy.client.finish() == "exit 0");
    CHECK(viewer.process.wait_exit() == "exit 0");
    CHECK(viewer.process.logged({"the proxy has ended"}));
}

TEST_CASE("Ctrl-C ends the viewer, not the proxy") {
    Forward proxy;
    Viewer viewer(proxy.runtime, {});
    proxy.echo(1);
    viewer.next("← tools/call");
    viewer.process.signal(SIGINT);
    CHECK(viewer.process.wait_exit() == "exit 0");
    CHECK(proxy.echo(2) == "here");
    CHECK(proxy.client.finish() == "exit 0");
}

TEST_CASE("several viewers, each with its filter; one as JSON") {
    Forward proxy;
    Viewer errors(proxy.runtime, {"--errors"});
    Viewer json(proxy.runtime, {"--json", "--tool", "ec*", "--payload"});
    proxy.client.request("x", "no/such/method");
    proxy.client.answer_to("x");
    proxy.echo(7);
    CHECK(errors.next("").find("← no/such/method #\"x\"  error -32601") != std::string::npos);
    const Json request = Json::parse(json.next(""));
    CHECK(request.at("kind") == "request");
    CHECK(request.at("id") == 7);
    CHECK(request.at("payload").get<std::string>().find("\"here\"") != std::string::npos);
    const Json answer = Json::parse(json.next(""));
    CHECK(answer.at("kind") == "result");
    CHECK(answer.at("name") == "echo");
    CHECK(answer.at("ms").get<double>() > 0);
    CHECK(answer.at("bytes").get<int>() > 0);
}

TEST_CASE("a viewer that is killed, or stops reading, holds nothing up") {
    Forward proxy;
    Viewer killed(proxy.runtime, {});
    Viewer stopped(proxy.runtime, {"--payload"});
    stopped.process.signal(SIGSTOP);
    for (int id = 0; id < 2000; ++id) {
        if (id == 100) killed.process.signal(SIGKILL);
        REQUIRE(proxy.echo(id) == "here");
    }
    CHECK(killed.process.wait_exit() == "signal 9");
    CHECK(proxy.client.finish() == "exit 0");
}

TEST_CASE("a reverse proxy with a control socket can be watched") {
    const RuntimeDirectory runtime;
    const std::string socket = runtime.path + "/control.sock";
    ReverseProxy proxy = ReverseProxy::with_config(config_for(
        {kDemoServer}, "control: { socket: " + socket + " }\ninterceptors:\n  - type: watch\n"));
    Viewer viewer(runtime, {"--proxy", socket, "--session", "s2"});
    McpClient first = proxy.client(), second = proxy.client();
    first.initialize();
    second.initialize();
    first.call_tool("echo", {{"message", "first"}});
    second.call_tool("echo", {{"message", "second"}});
    CHECK(viewer.next("").find(" s2 ") != std::string::npos);
    CHECK(viewer.next("← tools/call").find(" s2 ← tools/call echo #2  result ") !=
          std::string::npos);
    proxy.process().signal(SIGTERM);
    CHECK(viewer.process.wait_exit() == "exit 0");
    CHECK(viewer.process.read_to_end().find(" s1 ") == std::string::npos);
    CHECK(proxy.process().wait_exit() == "exit 0");
}

TEST_CASE("what can't be done is said in one line") {
    const RuntimeDirectory runtime;
    const Finished nobody(runtime.with(Viewer::command({})));
    CHECK(nobody.exit == "exit 1");
    CHECK(nobody.errors.find("shadowcat: no running proxy") == 0);
    const Finished odd(runtime.with(Viewer::command({"--slow", "soon"})));
    CHECK(odd.exit == "exit 2");
    CHECK(odd.errors.find("shadowcat: watch: ") == 0);
    CHECK(count_of(odd.errors, "\n") == 1);
    const Finished help(runtime.with(Viewer::command({"--help"})));
    CHECK(help.exit == "exit 0");
    CHECK(help.output.find("Examples:") != std::string::npos);
    const Finished elsewhere(
        runtime.with(Viewer::command({"--proxy", runtime.path + "/none.sock"})));
    CHECK(elsewhere.exit == "exit 1");
    CHECK(elsewhere.errors.find("none.sock") != std::string::npos);
}
