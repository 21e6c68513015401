// SPDX-License-Identifier: Apache-2.0
// What the tests of rules share: a worker with an interceptor, and messages that pass it.
#pragma once

#include "shadowcat/sdk/spawn.hpp"

#include "rules/rules_interceptor.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace shadowcat::intercept::testing {

inline const std::string kCall =
    R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":)"
    R"({"path":"/etc/passwd","n": 12345678901234567890,"list":[1, 2]},"x-unknown":true}})";
inline const std::string kResult =
    R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"key sk-123 and sk-4"}],)"
    R"("isError":false,"big":98765432109876543210}})";
inline const std::string kError =
    R"({"jsonrpc":"2.0","id":"7","error":{"code":-32601,"message":"no such method"}})";
inline const std::string kNotification =
    R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":5}})";

/// Handlers by verb, to be called by tests.
class FakeHost final : public sdk::ControlHost {
public:
    std::shared_ptr<void> serve(std::string verb, Handler handler) override {
        handlers[std::move(verb)] = std::move(handler);
        return nullptr;
    }

    std::map<std::string, Handler> handlers;
};

class FakePeer final : public sdk::ControlPeer {
public:
    sdk::awaitable<sdk::Result<void>> send(sdk::Json line) override {
        lines.push_back(std::move(line));
        co_return sdk::Result<void>();
    }
    bool gone() const noexcept override { return false; }
    void on_gone(std::function<void()>) override {}

    std::vector<sdk::Json> lines;
};

/// Notes who asks, and decides at once.
class FakeBreakpoints final : public Breakpoints {
public:
    sdk::awaitable<sdk::Verdict> pause(sdk::Worker&, sdk::Message& message,
                                       const sdk::MessageContext&,
                                       const PauseSettings& settings) override {
        asked.push_back(settings);
        if (!edited.empty()) message = sdk::Message::parse(edited).value();
        co_return drops ? sdk::Verdict::drop() : sdk::Verdict::pass();
    }
    void release_all(sdk::Worker&) noexcept override { ++released; }

    std::vector<PauseSettings> asked;
    std::string edited;
    bool drops = false;
    int released = 0;
};

/// A file that goes with it.
class ScratchFile {
public:
    explicit ScratchFile(const std::string& text) {
        std::string path = (std::filesystem::temp_directory_path() / "rules-XXXXXX").string();
        ::close(::mkstemp(path.data()));
        path_ = path;
        write(text);
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile() { std::filesystem::remove(path_); }

    /// Replaces the file, as editors do.
    void write(const std::string& text) const {
        const std::string other = path_ + ".new";
        std::ofstream(other) << text;
        std::filesystem::rename(other, path_);
    }
    const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// What became of one message.
class Passed {
public:
    std::optional<sdk::Verdict> verdict;
    sdk::Message message;

    bool done() const noexcept { return verdict.has_value(); }
    sdk::Verdict::Kind kind() const { return verdict.value().kind(); }

    /// `pass: TEXT`, `answer: TEXT`, or the verdict alone.
    std::string text() {
        switch (kind()) {
            case sdk::Verdict::Kind::pass:
                return "pass: " + message.bytes();
            case sdk::Verdict::Kind::answer:
                return "answer: " + verdict->response()->bytes();
            case sdk::Verdict::Kind::drop:
                return "drop";
            case sdk::Verdict::Kind::sever:
                return "sever";
            default:
                return "kill_server";
        }
    }
};

/// One worker with the interceptor on a file of rules.
class Scene {
public:
    explicit Scene(const std::string& rules, sdk::Json more = sdk::Json::object()) : file(rules) {
        more["file"] = file.path();
        if (!more.contains("seed")) more["seed"] = 1;
        if (!more.contains("reload")) more["reload"] = false;
        std::vector<sdk::ConfigError> errors;
        const RulesOptions options(sdk::validate(RulesOptions::schema(), more, "", errors));
        REQUIRE(errors.empty());
        const sdk::InterceptorContext context(worker, metrics, host, slot);
        shared = std::make_shared<SharedRules>(options, context,
                                               [&](const auto&) { return breakpoints; });
        interceptor.emplace(options, worker, shared);
    }

    /// Starts a message on its way.
    std::shared_ptr<Passed> start(const std::string& bytes,
                                  std::optional<sdk::MessageContext> in = std::nullopt) {
        auto passed = std::make_shared<Passed>();
        passed->message = sdk::Message::parse(bytes).value();
        sdk::MessageContext context = in ? *in : usual(passed->message);
        sdk::spawn_logged(worker, perform(*interceptor, passed, context), "test.pass");
        return passed;
    }

    Passed pass(const std::string& bytes, std::optional<sdk::MessageContext> in = std::nullopt) {
        const auto passed = start(bytes, std::move(in));
        worker.context().restart();
        worker.run();
        return *passed;
    }

    /// Requests come from the client, everything else of the server answers a call of `echo`.
    static sdk::MessageContext usual(const sdk::Message& message) {
        const bool request = message.is_request();
        sdk::MessageContext context(
            request ? sdk::Direction::client_to_server : sdk::Direction::server_to_client, "s-1",
            "primary");
        context.revision = "2025-11-25";
        context.method = "tools/call";
        context.name = "echo";
        return context;
    }

    sdk::Json counted(const std::string& rule) const {
        for (const Rule& each : shared->book->current()->rules())
            if (each.name == rule) return each.tally->describe();
        return nullptr;
    }

    ScratchFile file;
    sdk::Worker worker;
    sdk::Metrics metrics;
    FakeHost host;
    sdk::SharedSlot slot;
    std::shared_ptr<FakeBreakpoints> breakpoints = std::make_shared<FakeBreakpoints>();
    std::shared_ptr<SharedRules> shared;
    std::optional<RulesInterceptor> interceptor;

private:
    static sdk::awaitable<> perform(sdk::Interceptor& interceptor, std::shared_ptr<Passed> passed,
                                    sdk::MessageContext context) {
        passed->verdict = co_await interceptor.on_message(passed->message, context);
    }
};

/// One rule that does `actions` (YAML, one line) with what `match` (YAML, one line) means.
inline std::string one_rule(const std::string& match, const std::string& actions) {
    return "rules: [{name: r, match: " + match + ", do: " + actions + "}]";
}

}  // namespace shadowcat::intercept::testing
