// SPDX-License-Identifier: Apache-2.0
// The benchmark's programs together: right answers are counted, a wrong one is never overlooked.
#include "load/child.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

struct Outcome {
    int code;
    std::string output;
    bool says(const std::string& text) const { return output.find(text) != std::string::npos; }
};

Outcome run(const std::string& arguments) {
    const std::string command = std::string("timeout 20 ") + BENCH_LOAD + " " + arguments + " 2>&1";
    FILE* const pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string output;
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
        output.append(buffer, n);
    return {WEXITSTATUS(::pclose(pipe)), output};
}

/// A request in a file that goes with it.
class RequestFile {
public:
    explicit RequestFile(const std::string& tool_and_arguments, const std::string& meta = "{}")
        : path_(std::filesystem::temp_directory_path() /
                ("bench-tools-" + std::to_string(::getpid()) + "-" + std::to_string(++count_))) {
        std::ofstream(path_) << R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{)"
                             << tool_and_arguments << R"(,"_meta":)" << meta << "}}\n";
    }
    RequestFile(const RequestFile&) = delete;
    ~RequestFile() { std::filesystem::remove(path_); }
    std::string option() const { return " --request " + path_.string(); }

private:
    static inline int count_ = 0;
    std::filesystem::path path_;
};

const std::string kEchoHello = R"("name":"echo","arguments":{"message":"hello"})";

/// bench-http-server for one test, and its URL.
class HttpServer {
public:
    HttpServer()
        : child_({const_cast<char*>(BENCH_HTTP_SERVER), nullptr}, bench::Child::Output::kPiped) {
        std::string line;
        char c = 0;
        pollfd waiting{child_.output(), POLLIN, 0};
        while (c != '\n' && ::poll(&waiting, 1, 10'000) > 0 && ::read(child_.output(), &c, 1) == 1)
            line += c;
        REQUIRE(line.starts_with("listening on http://"));
        url_ = " --url " + line.substr(13, line.size() - 14);
    }
    const std::string& url() const { return url_; }
    std::string pid() const { return " --pid " + std::to_string(child_.pid()); }

private:
    bench::Child child_;
    std::string url_;
};

TEST_CASE("an open loop counts right answers, and refuses wrong ones") {
    const HttpServer server;
    const RequestFile request(kEchoHello);
    const std::string load =
        "open --rate 300 --connections 4 --seconds 0.3" + server.url() + request.option();
    const Outcome right = run(load + " --session each --expect hello");
    INFO(right.output);
    CHECK(right.code == 0);
    CHECK(right.says("\"errors\":0,"));
    CHECK(right.says("\"histogram_us\":[["));
    const Outcome wrong = run(load + " --expect nonsense");
    CHECK(wrong.code == 1);
    CHECK(wrong.says("\"answered\":0,"));
    CHECK(run("open --rate 10 --connections 1 --seconds 0.1 --url http://127.0.0.1:1/mcp --session "
              "none"
              " --expect hello" +
              request.option())
              .code == 1);
    CHECK(run("open --rate x").code == 2);
}

TEST_CASE("progress as events and the stateless era are judged, too") {
    const HttpServer server;
    const RequestFile counting(R"("name":"count","arguments":{"steps":3,"message":"done"})",
                               R"({"progressToken":7})");
    const RequestFile modern(kEchoHello,
                             R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"})");
    const std::string load = "open --rate 100 --connections 2 --seconds 0.1" + server.url();
    CHECK(run(load + counting.option() + " --expect '\"progress\":3' --expect done").code == 0);
    CHECK(run(load + counting.option() + " --expect '\"progress\":4' --expect done").code == 1);
    CHECK(run(load + modern.option() + " --session none --expect resultType").code == 0);
}

TEST_CASE("a megabyte goes through pipe and burst") {
    const RequestFile request(R"("name":"echo","arguments":{"message":")" +
                              std::string(1 << 20, 'x') + R"(end\n"})");
    const std::string right = request.option() + " --expect 'xend\\n'";
    const std::string server = std::string(" -- ") + BENCH_STDIO_SERVER;
    CHECK(run("pipe --concurrency 4 --seconds 0.1" + right + server).code == 0);
    CHECK(run("pipe --seconds 0.1" + request.option() + " --expect other" + server).code == 1);
    CHECK(run("pipe --seconds 0.1" + right + " -- false").code == 1);
    const HttpServer http;
    const Outcome burst = run("burst --settle 0 --connections 8" + http.url() + http.pid() + right);
    INFO(burst.output);
    CHECK(burst.code == 0);
    CHECK(burst.says("\"answered\":8,"));
}

TEST_CASE("sessions end, idle ones and streams are counted") {
    const HttpServer server;
    const Outcome churn = run("churn --connections 2 --seconds 0.1" + server.url());
    INFO(churn.output);
    CHECK(churn.code == 0);
    CHECK(churn.says("\"deletes_refused\":0,\"sessions_without_id\":0"));
    const Outcome idle = run("idle --sessions 20 --streams 10" + server.url() + server.pid());
    INFO(idle.output);
    CHECK(idle.code == 0);
    CHECK(idle.says("\"streams_confirmed\":10,"));
    const RequestFile request(kEchoHello);
    CHECK(run("first --expect hello" + server.url() + request.option()).says("\"ms\":"));
    CHECK(run("first --timeout-ms 50 --expect other" + server.url() + request.option()).code == 1);
}

}  // namespace
