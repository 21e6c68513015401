// SPDX-License-Identifier: Apache-2.0
// The real program, started by a shell: options, exit codes, end of input.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace {

struct Outcome {
    std::string output;
    int exit_code = -1;
};

Outcome shell(const std::string& command) {
    Outcome outcome;
    FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> buffer;
    std::size_t count = 0;
    while ((count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0) {
        outcome.output.append(buffer.data(), count);
    }
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
    return outcome;
}

const std::string kServer = "'" DEMO_SERVER_BINARY "'";

}  // namespace

TEST_CASE("it answers and exits with 0 at the end of input") {
    const Outcome outcome =
        shell(R"(printf '{"jsonrpc":"2.0","id":"1","method":"ping"}\n' | )" + kServer);
    CHECK(outcome.output == "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}\n");
    CHECK(outcome.exit_code == 0);
}

TEST_CASE("the end of input ends calls that would run for hours") {
    const std::string slow =
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow",)"
        R"("arguments":{"steps":1000,"delay_ms":60000}}})";
    const Outcome outcome = shell("printf '" + slow + "\\n' | " + kServer);
    CHECK(outcome.output.empty());
    CHECK(outcome.exit_code == 0);
}

TEST_CASE("the era says which clients are served") {
    const std::string discover =
        R"(printf '{"jsonrpc":"2.0","id":1,"method":"server/discover"}\n' | )";
    CHECK(shell(discover + kServer).output.find("-32602") != std::string::npos);
    CHECK(shell(discover + kServer + " --era legacy").output.find("-32601") != std::string::npos);
    const std::string ping = R"(printf '{"jsonrpc":"2.0","id":1,"method":"ping"}\n' | )";
    CHECK(shell(ping + kServer + " --era both").output.find("result") != std::string::npos);
    CHECK(shell(ping + kServer + " --era modern").output.find("-32602") != std::string::npos);
    const Outcome outcome = shell(kServer + " --era ancient 2>&1");
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.output.find("ancient") != std::string::npos);
}

TEST_CASE("help and version go to stdout, a wrong option is exit code 2") {
    CHECK(shell(kServer + " --help").output.find("Usage:") != std::string::npos);
    CHECK(shell(kServer + " --version").output.starts_with("shadowcat-demo-server "));
    const Outcome outcome = shell(kServer + " --nope 2>&1");
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.output.find("--nope") != std::string::npos);
}
