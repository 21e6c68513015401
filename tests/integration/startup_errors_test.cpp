// SPDX-License-Identifier: Apache-2.0
// Starts that can't succeed: the exit code and the lines that the operator reads.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>

using namespace integration;

namespace {

const std::string kUpstream =
    "  upstreams:\n"
    "    - name: primary\n"
    "      transport: stdio\n"
    "      command: [true]\n";

/// `shadowcat COMMAND --config FILE` with a file of this content.
class Refused {
public:
    Refused(const std::string& command, const std::string& yaml)
        : file(yaml), run({kShadowcat, command, "--config", file.path()}) {}

    TemporaryFile file;
    Finished run;

    /// One line begins with `file:LINE:` and holds all the words.
    void check(const std::string& line, const std::vector<std::string>& words) const {
        CAPTURE(run.errors);
        CHECK(run.exit == "exit 2");
        CHECK(run.output.empty());
        const std::size_t at = run.errors.find(file.path() + ":" + line + ":");
        REQUIRE(at != std::string::npos);
        CHECK((at == 0 || run.errors[at - 1] == '\n'));
        const std::string told = run.errors.substr(at, run.errors.find('\n', at) - at);
        for (const std::string& word : words)
            CHECK_MESSAGE(told.find(word) != std::string::npos, told, " lacks ", word);
    }
};

bool has(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

std::size_t line_count(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

}  // namespace

TEST_CASE("a port in use: exit code 1 and a line that names it") {
    ReverseProxy first(kDemoServer);
    const std::string address = "127.0.0.1:" + std::to_string(first.port());
    const Finished second({kShadowcat, "reverse", "--upstream", kDemoServer, "--bind", address});
    CHECK(second.exit == "exit 1");
    CHECK(second.output.empty());
    CHECK(has(second.errors, address));
    CHECK(has(second.errors, "in use"));
    McpClient client = first.client();
    client.initialize();
}

TEST_CASE("a configuration file that is not there: exit code 2") {
    for (const char* command : {"reverse", "check"}) {
        const Finished run({kShadowcat, command, "--config", "/no/such/file.yaml"});
        CHECK(run.exit == "exit 2");
        CHECK(run.output.empty());
        CHECK(has(run.errors, "/no/such/file.yaml"));
        CHECK(has(run.errors, "No such file"));
        CHECK(line_count(run.errors) == 1);
    }
}

TEST_CASE("what is not YAML: exit code 2, the file and the line") {
    for (const char* command : {"reverse", "check"}) {
        Refused(command, "reverse_proxy:\n  bind_address: [1\nupstreams: {\n")
            .check("3", {"not valid YAML"});
    }
}

TEST_CASE("an unknown key: exit code 2, the file, the line and the key's path") {
    for (const char* command : {"reverse", "check"}) {
        Refused(command, "reverse_proxy:\n" + kUpstream + "  bind_adress: 127.0.0.1:0\n")
            .check("6", {"reverse_proxy.bind_adress", "unknown"});
    }
}

TEST_CASE("an unknown key of a plugin's part is known to be one") {
    Refused("reverse", "reverse_proxy:\n" + kUpstream + "      cmmand: [x]\n")
        .check("6", {"reverse_proxy.upstreams[0].cmmand", "unknown"});
}

TEST_CASE("a value of the wrong type or out of bounds: exit code 2") {
    Refused("reverse", "reverse_proxy:\n" + kUpstream + "  limits:\n    max_body_bytes: lots\n")
        .check("7", {"reverse_proxy.limits.max_body_bytes"});
    Refused("reverse", "reverse_proxy:\n" + kUpstream + "  limits: { max_body_bytes: 0 }\n")
        .check("6", {"reverse_proxy.limits.max_body_bytes", "0"});
}

TEST_CASE("a plugin that is not there: exit code 2, the file, the line and where it was sought") {
    for (const char* command : {"reverse", "check"}) {
        const Refused refused(command,
                              "plugins:\n  load: [transport-stdio, no-such-plugin]\n"
                              "reverse_proxy:\n" +
                                  kUpstream);
        refused.check("2", {"plugins.load[1]", "no-such-plugin"});
        CHECK(has(refused.run.errors, "shadowcat/plugins"));
    }
}

TEST_CASE("a part that no loaded plugin offers: exit code 2") {
    Refused("reverse",
            "reverse_proxy:\n  upstreams:\n    - name: primary\n      transport: pigeon\n")
        .check("4", {"reverse_proxy.upstreams[0].transport", "pigeon", "stdio"});
}

TEST_CASE("all errors are told at once") {
    const Refused refused("reverse", "reverse_proxy:\n" + kUpstream +
                                         "  bind_adress: x\n"
                                         "  path: mcp\n"
                                         "  session: { timeout_secs: never }\n");
    refused.check("6", {"bind_adress"});
    refused.check("7", {"reverse_proxy.path"});
    refused.check("8", {"reverse_proxy.session.timeout_secs"});
    CHECK(line_count(refused.run.errors) == 3);
}

TEST_CASE("a configuration without a server: exit code 2") {
    const TemporaryFile file("reverse_proxy: { bind_address: 127.0.0.1:0 }\n");
    const Finished run({kShadowcat, "reverse", "--config", file.path()});
    CHECK(run.exit == "exit 2");
    CHECK(has(run.errors, "upstreams"));
}

TEST_CASE("wrong usage: exit code 2, one line, and where help is") {
    const std::vector<std::vector<std::string>> wrong = {
        {kShadowcat, "reverse"},
        {kShadowcat, "reverse", "--no-such-option"},
        {kShadowcat, "no-such-command"},
        {kShadowcat, "forward"},
        {kShadowcat, "reverse", "--upstream", "cat | cat"},
        {kShadowcat, "reverse", "--upstream", ""},
        {kShadowcat, "reverse", "--upstream", "gopher://example.org"},
        {kShadowcat, "reverse", "--upstream", "cat", "--bind", "nowhere"},
    };
    for (const auto& command : wrong) {
        CAPTURE(command.back());
        const Finished run(command);
        CHECK(run.exit == "exit 2");
        CHECK(run.output.empty());
        CHECK(run.errors.starts_with("shadowcat: "));
        CHECK(line_count(run.errors) == 1);
    }
}

TEST_CASE("help and version go to stdout with exit code 0") {
    for (const char* command : {"reverse", "forward", "check", "plugins"}) {
        const Finished help({kShadowcat, command, "--help"});
        CHECK(help.exit == "exit 0");
        CHECK(help.errors.empty());
        CHECK(has(help.output, "Examples:"));
    }
    const Finished overview({kShadowcat, "--help"});  // with the commands of all plugins
    CHECK(overview.exit == "exit 0");
    CHECK(overview.errors.empty());
    for (const char* command : {"reverse", "forward", "tape", "intercept", "watch"})
        CHECK(has(overview.output, command));
    for (const char* shell : {"bash", "zsh", "fish"}) {
        const Finished words({kShadowcat, "completions", shell});
        CHECK(words.exit == "exit 0");
        CHECK(words.errors.empty());
        CHECK(has(words.output, "payload"));
    }
    const Finished version({kShadowcat, "--version"});
    CHECK(version.exit == "exit 0");
    CHECK(version.output.starts_with("shadowcat "));
}

TEST_CASE("check starts nothing and says that all is well") {
    const TemporaryFile config(config_for({"/no/such/server"}));
    const Finished run({kShadowcat, "check", "--config", config.path()});
    CHECK(run.exit == "exit 0");
    CHECK(run.errors.empty());
    CHECK(has(run.output, "valid"));
}
