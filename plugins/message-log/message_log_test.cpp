// SPDX-License-Identifier: Apache-2.0
// The lines an operator reads.
#include "message_log.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <optional>

using namespace shadowcat;

namespace {

/// Takes what is written to stderr for as long as it lives.
class CapturedStderr {
public:
    CapturedStderr() : file_(std::tmpfile()), saved_(dup(2)) { dup2(fileno(file_), 2); }
    CapturedStderr(const CapturedStderr&) = delete;
    CapturedStderr& operator=(const CapturedStderr&) = delete;
    ~CapturedStderr() {
        dup2(saved_, 2);
        close(saved_);
        std::fclose(file_);
    }

    std::string text() {
        std::string out(4096, '\0');
        out.resize(static_cast<std::size_t>(pread(fileno(file_), out.data(), out.size(), 0)));
        return out;
    }

private:
    std::FILE* file_;
    int saved_;
};

sdk::awaitable<> pass(sdk::Interceptor& log, sdk::Message message, sdk::Direction direction,
                      std::optional<sdk::Verdict>& verdict) {
    const sdk::MessageContext context(direction, "s-1", "primary");
    const std::string before = message.bytes();
    verdict = co_await log.on_message(message, context);
    CHECK(message.bytes() == before);
}

/// What a log configured with `config` writes about `bytes`, as text.
std::string line_about(const std::string& bytes, const sdk::Json& config,
                       sdk::Direction direction = sdk::Direction::client_to_server) {
    std::vector<sdk::ConfigError> errors;
    const message_log::Options options(
        sdk::validate(message_log::Options::schema(), config, "", errors));
    message_log::MessageLog log(options);
    sdk::Worker worker;
    std::optional<sdk::Verdict> verdict;
    CapturedStderr captured;
    sdk::Message message = sdk::Message::parse(bytes).value();
    sdk::spawn_logged(worker, pass(log, std::move(message), direction, verdict), "test.pass");
    worker.run();
    CHECK(verdict->kind() == sdk::Verdict::Kind::pass);
    return captured.text();
}

sdk::Json fields_about(const std::string& bytes, const sdk::Json& config,
                       sdk::Direction direction = sdk::Direction::client_to_server) {
    return sdk::Json::parse(line_about(bytes, config, direction));
}

const std::string kCall =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","secret":"s3cr3t"}})";
const std::string kResult = R"({"jsonrpc":"2.0","id":"x","result":{}})";

}  // namespace

TEST_CASE("a request's line says who, what and how much, but not the payload") {
    sdk::log::configure(sdk::log::Level::info, sdk::log::Format::json);
    const sdk::Json line = fields_about(kCall, sdk::Json::object());
    CHECK(line["level"] == "info");
    CHECK(line["event"] == "message");
    CHECK(line["direction"] == "client_to_server");
    CHECK(line["session"] == "s-1");
    CHECK(line["upstream"] == "primary");
    CHECK(line["kind"] == "request");
    CHECK(line["method"] == "tools/call");
    CHECK(line["name"] == "echo");
    CHECK(line["id"] == "7");
    CHECK(line["bytes"] == kCall.size());
    CHECK_FALSE(line.contains("payload"));
}

TEST_CASE("the way back is logged too") {
    sdk::log::configure(sdk::log::Level::info, sdk::log::Format::json);
    const sdk::Json line =
        fields_about(kResult, sdk::Json::object(), sdk::Direction::server_to_client);
    CHECK(line["direction"] == "server_to_client");
    CHECK(line["kind"] == "result");
    CHECK(line["id"] == "\"x\"");
}

TEST_CASE("payload is shown at debug, cut to max_bytes") {
    sdk::log::configure(sdk::log::Level::debug, sdk::log::Format::json);
    const sdk::Json line = fields_about(kCall, {{"payload", true}, {"max_bytes", 10}});
    CHECK(line["level"] == "debug");
    CHECK(line["payload"] == R"({"jsonrpc"…)");
}

TEST_CASE("at a quieter log level nothing is written") {
    sdk::log::configure(sdk::log::Level::info, sdk::log::Format::json);
    CHECK(line_about(kCall, {{"payload", true}}).empty());
    CHECK(line_about(kCall, {{"level", "debug"}}).empty());
}

TEST_CASE("methods selects, and leaves out what has no method") {
    sdk::log::configure(sdk::log::Level::info, sdk::log::Format::json);
    const sdk::Json only_calls = {{"methods", {"tools/call"}}};
    CHECK_FALSE(line_about(kCall, only_calls).empty());
    CHECK(line_about(R"({"jsonrpc":"2.0","id":1,"method":"ping"})", only_calls).empty());
    CHECK(line_about(kResult, only_calls).empty());
}

TEST_CASE("a hostile id or method can't flood or forge lines") {
    sdk::log::configure(sdk::log::Level::info, sdk::log::Format::text);
    const std::string line = line_about(R"({"jsonrpc":"2.0","id":")" + std::string(3000, 'i') +
                                            R"(","method":"a\nfaked level=error"})",
                                        sdk::Json::object());
    CHECK(line.size() < 1000);
    CHECK(std::count(line.begin(), line.end(), '\n') == 1);
}
