// SPDX-License-Identifier: Apache-2.0
// A scripted core and a client around a StdioListener, on one thread, by polling.
#pragma once

#include "shadowcat/sdk/json_rpc.hpp"

#include "occurrence.hpp"
#include "stdio_listener.hpp"
#include "test_support.hpp"

#include <list>

namespace shadowcat::transport_stdio::test {

using Lines = std::vector<std::string>;

/// Answers `echo` at once, `hold` when released, `flood` with many notifications first.
class ScriptedSession final : public sdk::ClientSession {
public:
    explicit ScriptedSession(sdk::Worker& worker) : end_(worker.executor()) {}

    const std::string& id() const noexcept override { return id_; }
    std::string_view revision() const noexcept override { return negotiated; }
    Result<void> can_listen(std::string_view) const override { return {}; }
    void stop_listening(const sdk::ReplyStream&) override { end_listening(); }
    void end_listening() { end_.happen(); }

    awaitable<> request(Message request, sdk::ReplyStream& replies) override {
        const std::string id(request.id());
        log.push_back("request " + id);
        if (request.method() == "initialize") negotiated = request.protocol_version();
        if (request.method() == "sever") replies.sever();
        if (request.method() == "hold" || request.name() == "hold") {
            ++held;
            co_await end_or_release();
            --held;
        }
        for (int i = 0; request.method() == "flood" && i < 3; ++i) {
            co_await replies.write(sdk::make_notification("note"));
        }
        const std::string payload = "{\"text\":\"" + std::string(100 * 1024, 'x') + "\"}";
        for (int i = 0; request.method() == "stream" && i < kStream; ++i) {
            co_await replies.write(sdk::make_notification("note", payload));
            ++streamed;
        }
        Message response = sdk::make_result(id, "{}");
        if (request.method() == "broken") response = sdk::make_error(id, -1, "broken");
        co_await replies.write(std::move(response));
        ++answered;
    }

    awaitable<Result<void>> notify(Message message) override {
        if (message.is_opaque()) {
            if (!takes_texts) co_return sdk::Error(ErrorCode::unsupported, "no lines");
            texts.push_back(message.bytes());
            co_return Result<void>();
        }
        log.push_back("notify " + std::string(message.method()));
        if (message.method() == "release") release();
        co_return Result<void>();
    }

    awaitable<Result<void>> listen(sdk::ReplyStream& stream, std::string_view) override {
        listening_ = true;
        co_await stream.write(sdk::make_notification("hello"));
        co_await end_.wait(std::chrono::hours(1));
        listening_ = false;
        co_return Result<void>();
    }

    awaitable<> end() override {
        ended = true;
        end_.happen();
        release();
        co_return;
    }

    Lines log, texts;
    bool takes_texts = true;
    std::string negotiated;
    static constexpr int kStream = 40;
    int held = 0, answered = 0, streamed = 0;
    bool ended = false;

private:
    awaitable<> end_or_release() {
        sdk::Wakeup& mine = waiting_.emplace_back();
        co_await mine.wait();
    }
    void release() {
        std::list<sdk::Wakeup> woken;
        woken.swap(waiting_);
        for (sdk::Wakeup& each : woken)
            each.notify();
    }

    std::string id_ = "scripted";
    Occurrence end_;
    std::list<sdk::Wakeup> waiting_;
    bool listening_ = false;
};

class ScriptedHost final : public sdk::ListenerHost, public sdk::Service {
public:
    ScriptedHost()
        : session(std::make_shared<ScriptedSession>(worker)),
          conversation(std::make_shared<ScriptedSession>(worker)) {}

    std::span<sdk::Worker* const> workers() noexcept override { return all_; }
    sdk::Service& service(std::size_t) noexcept override { return *this; }
    std::size_t worker_of(std::string_view) const noexcept override { return 0; }
    bool has_page(std::string_view) const override { return false; }
    sdk::awaitable<sdk::Page> page(sdk::PageRequest, sdk::Worker&) override {
        co_return sdk::Page(404, "", "");
    }
    sdk::Quota& bytes_in_flight() noexcept override { return bytes_; }
    bool traces() const noexcept override { return false; }
    bool passes_text() const noexcept override { return lines_pass; }
    void refused(const sdk::ExchangeRecord&) noexcept override {}
    void finished() override { ++finishes; }
    sdk::Metrics& metrics() noexcept override { return metrics_; }

    Result<std::shared_ptr<sdk::ClientSession>> open(const sdk::ClientInfo&) override {
        if (full) return sdk::Error(ErrorCode::session_limit, "too many sessions");
        return std::shared_ptr<sdk::ClientSession>(session);
    }
    Result<std::shared_ptr<sdk::ClientSession>> find(std::string_view,
                                                     const sdk::ClientInfo& client) override {
        return open(client);
    }
    bool accepts_revision(std::string_view) const noexcept override { return true; }
    std::span<const std::string_view> stateless_revisions() const noexcept override {
        return std::span(revisions_).first(transparent ? 0 : 1);
    }
    Result<std::shared_ptr<sdk::ClientSession>> open_stateless(const sdk::ClientInfo&) override {
        if (full) return sdk::Error(ErrorCode::unavailable, "no more conversations");
        ++conversations;
        return std::shared_ptr<sdk::ClientSession>(conversation);
    }

    sdk::Worker worker;
    std::shared_ptr<ScriptedSession> session, conversation;
    int conversations = 0;
    bool transparent = false;  // serves no revision without sessions
    int finishes = 0;
    bool full = false;
    bool lines_pass = false;

private:
    static constexpr std::array<std::string_view, 1> revisions_ = {"2026-07-28"};
    std::array<sdk::Worker*, 1> all_ = {&worker};
    sdk::Metrics metrics_;
    sdk::Quota bytes_;
};

/// A client at the other end of a listener. Everything runs on the one thread, by polling.
class Client {
public:
    explicit Client(const Json& config = Json::object()) : options_(checked(config)) {
        ::signal(SIGPIPE, SIG_IGN);
    }
    ~Client() {
        stop();
        CHECK(host.worker.gate().inside() == 0);
    }

    void start(int input, int output) {
        listener.emplace(options_, host, input, output);
        bool started = false;
        auto begin = [&]() -> awaitable<> {
            const Result<void> outcome = co_await listener->start();
            CHECK(outcome.has_value());
            started = true;
        };
        sdk::spawn_logged(host.worker, begin(), "test.start");
        CHECK(until([&] { return started; }));
    }

    void start() { start(to_.read.get(), from_.write.get()); }

    void stop() {
        if (!listener) return;
        bool stopped = false;
        auto end = [&]() -> awaitable<> {
            co_await listener->stop();
            stopped = true;
        };
        sdk::spawn_logged(host.worker, end(), "test.stop");
        CHECK(until([&] { return stopped; }));
        host.worker.poll();
        listener.reset();
    }

    /// Runs the loop until `condition` holds.
    template <class Condition>
    bool until(Condition condition) {
        return eventually([&] {
            host.worker.poll();
            return condition();
        });
    }

    void say(const std::string& text) {
        std::string_view rest = text;
        ::fcntl(to_.write.get(), F_SETFL, O_NONBLOCK);
        CHECK(until([&] {
            const ssize_t count = ::write(to_.write.get(), rest.data(), rest.size());
            if (count > 0) rest.remove_prefix(static_cast<std::size_t>(count));
            return rest.empty();
        }));
    }

    /// The first `count` lines that the listener writes.
    Lines hear(std::size_t count) {
        CHECK(until([&] {
            read_some();
            return lines_.size() >= count;
        }));
        return std::exchange(lines_, Lines());
    }

    bool output_ended() {
        read_some();
        return ended_;
    }

    void hang_up() { to_.write.reset(); }
    void stop_reading() { from_.read.reset(); }
    void close_output() { from_.write.reset(); }
    PipeEnds& to() { return to_; }

    ScriptedHost host;
    std::optional<StdioListener> listener;

private:
    static ListenerOptions checked(const Json& config) {
        std::vector<sdk::ConfigError> errors;
        const Json whole = sdk::validate(ListenerOptions::schema(), config, "listener", errors);
        REQUIRE(errors.empty());
        return ListenerOptions(whole);
    }

    void read_some() {
        ::fcntl(from_.read.get(), F_SETFL, O_NONBLOCK);
        std::array<char, 65536> piece;
        const ssize_t count = ::read(from_.read.get(), piece.data(), piece.size());
        if (count == 0) ended_ = true;
        if (count > 0) partial_.append(piece.data(), static_cast<std::size_t>(count));
        for (std::size_t end; (end = partial_.find('\n')) != std::string::npos;) {
            lines_.push_back(partial_.substr(0, end));
            partial_.erase(0, end + 1);
        }
    }

    ListenerOptions options_;
    PipeEnds to_ = make_pipe().value(), from_ = make_pipe().value();
    std::string partial_;
    Lines lines_;
    bool ended_ = false;
};

inline std::string request(int id, const std::string& method) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + "\"}\n";
}

/// A request of the era without sessions, of revision `version`.
inline std::string stateless(int id, const std::string& method,
                             const std::string& version = "2026-07-28") {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method +
           R"(","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":")" + version +
           R"(","io.modelcontextprotocol/clientCapabilities":{}}}})" + "\n";
}

/// A subscription that stays until it is released.
inline std::string subscription(int id) {
    std::string text = stateless(id, "subscriptions/listen");
    return text.insert(text.find("\"_meta\""), R"("name":"hold",)");
}

inline std::string cancelled(int id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
           std::to_string(id) + "}}\n";
}

inline std::string answer(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":{}})";
}

inline std::string note(const std::string& method) {
    return R"({"jsonrpc":"2.0","method":")" + method + "\"}";
}

inline int code_of(const std::string& line) { return Json::parse(line).at("error").at("code"); }

}  // namespace shadowcat::transport_stdio::test
