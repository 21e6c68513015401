// SPDX-License-Identifier: Apache-2.0
// The listener between two pipes and a scripted core: what a client on stdio sees.
#include "stdio_listener.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

#include "occurrence.hpp"
#include "test_support.hpp"

#include <sys/socket.h>

using namespace shadowcat::transport_stdio;
using namespace shadowcat::transport_stdio::test;
namespace sdk = shadowcat::sdk;

namespace {

using Lines = std::vector<std::string>;

/// Answers `echo` at once, `hold` when released, `flood` with many notifications first.
class ScriptedSession final : public sdk::ClientSession {
public:
    explicit ScriptedSession(sdk::Worker& worker) : end_(worker.executor()) {}

    const std::string& id() const noexcept override { return id_; }
    std::string_view revision() const noexcept override { return {}; }
    bool listening() const noexcept override { return listening_; }
    void stop_listening() override { end_.happen(); }

    awaitable<> request(Message request, sdk::ReplyStream& replies) override {
        const std::string id(request.id());
        log.push_back("request " + id);
        if (request.method() == "hold") {
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
        co_await replies.write(std::move(response));
        ++answered;
    }

    awaitable<Result<void>> notify(Message message) override {
        log.push_back("notify " + std::string(message.method()));
        if (message.method() == "release") release();
        co_return Result<void>();
    }

    awaitable<Result<void>> listen(sdk::ReplyStream& stream) override {
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

    Lines log;
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
    ScriptedHost() : session(std::make_shared<ScriptedSession>(worker)) {}

    std::span<sdk::Worker* const> workers() noexcept override { return all_; }
    sdk::Service& service(std::size_t) noexcept override { return *this; }
    std::size_t worker_of(std::string_view) const noexcept override { return 0; }
    std::optional<sdk::Page> page(std::string_view) override { return std::nullopt; }
    void finished() override { ++finishes; }
    sdk::Metrics& metrics() noexcept override { return metrics_; }

    Result<std::shared_ptr<sdk::ClientSession>> open() override {
        if (full) return sdk::Error(ErrorCode::session_limit, "too many sessions");
        return std::shared_ptr<sdk::ClientSession>(session);
    }
    Result<std::shared_ptr<sdk::ClientSession>> find(std::string_view) override { return open(); }
    bool accepts_revision(std::string_view) const noexcept override { return true; }

    sdk::Worker worker;
    std::shared_ptr<ScriptedSession> session;
    int finishes = 0;
    bool full = false;

private:
    std::array<sdk::Worker*, 1> all_ = {&worker};
    sdk::Metrics metrics_;
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

std::string request(int id, const std::string& method) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + "\"}\n";
}

std::string answer(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":{}})";
}

std::string note(const std::string& method) {
    return R"({"jsonrpc":"2.0","method":")" + method + "\"}";
}

int code_of(const std::string& line) { return Json::parse(line).at("error").at("code"); }

}  // namespace

TEST_CASE("requests are answered, and what the session says by itself comes too") {
    Client client;
    client.start();
    CHECK(client.listener->address() == "stdio");
    CHECK(client.hear(1) == Lines{note("hello")});
    client.say(request(1, "echo"));
    CHECK(client.hear(1) == Lines{answer(1)});
    client.say(request(2, "flood"));
    CHECK(client.hear(4) == Lines{note("note"), note("note"), note("note"), answer(2)});
}

TEST_CASE("messages reach the session in the order of their lines") {
    Client client;
    client.start();
    client.say(request(1, "hold") + note("release") + "\n" + request(2, "echo") +
               R"({"jsonrpc":"2.0","id":9,"result":{}})" + "\n");
    client.hear(3);
    CHECK(client.host.session->log == Lines{"request 1", "notify release", "request 2", "notify "});
}

TEST_CASE("a broken line is answered without an id, and the next one works") {
    Client client;
    client.start();
    client.hear(1);
    client.say("{\"jsonrpc\":\n[]\n{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"x\"}\n\n" +
               request(1, "echo"));
    const Lines lines = client.hear(4);
    CHECK(code_of(lines[0]) == sdk::json_rpc::kParseError);
    CHECK(code_of(lines[1]) == sdk::json_rpc::kInvalidRequest);
    CHECK(code_of(lines[2]) == sdk::json_rpc::kInvalidRequest);
    CHECK_FALSE(Json::parse(lines[0]).contains("id"));
    CHECK(lines[3] == answer(1));
}

TEST_CASE("a message over the limit is refused, and the next one works") {
    Client client(Json{{"max_message_bytes", 1024}, {"max_depth", 8}});
    client.start();
    client.hear(1);
    client.say(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(200000, 'x') + "\"}\n" +
               R"({"jsonrpc":"2.0","id":1,"method":"x","params":[[[[[[[[[[]]]]]]]]]]})" + "\n");
    client.say(request(1, "echo"));
    Lines lines = client.hear(3);
    std::sort(lines.begin(), lines.end());
    CHECK(code_of(lines[0]) == sdk::json_rpc::kInvalidRequest);
    CHECK(lines[0].find("limit of 1024 bytes") != std::string::npos);
    CHECK(code_of(lines[1]) == sdk::json_rpc::kParseError);
    CHECK(lines[2] == answer(1));
}

TEST_CASE("the end of stdin lets requests in flight finish, then ends the session") {
    Client client;
    client.start();
    client.say(request(1, "hold") + request(2, "echo"));
    client.hear(2);
    client.hang_up();
    client.host.worker.poll();
    CHECK_FALSE(client.host.session->ended);
    auto release = [&]() -> awaitable<> {
        co_await client.host.session->notify(message(note("release")));
    };
    sdk::spawn_logged(client.host.worker, release(), "test.release");
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.hear(1) == Lines{answer(1)});
    CHECK(client.host.session->ended);
}

TEST_CASE("requests that don't finish in time are ended with the session") {
    Client client(Json{{"drain_secs", 0}});
    client.start();
    client.say(request(1, "hold"));
    CHECK(client.until([&] { return client.host.session->held == 1; }));
    client.hang_up();
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.hear(2) == Lines{note("hello"), answer(1)});
}

TEST_CASE("the last line needs no line end") {
    Client client;
    client.start();
    std::string last = request(1, "echo");
    last.pop_back();
    client.say(last);
    client.hang_up();
    CHECK(client.hear(2).back() == answer(1));
}

TEST_CASE("a client that reads no more ends everything") {
    Client client;
    client.start();
    client.hear(1);
    client.stop_reading();
    client.say(request(1, "echo"));
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    CHECK(client.host.session->ended);
}

TEST_CASE("a session that ends by itself ends the listener") {
    Client client;
    client.start();
    client.hear(1);
    client.host.session->stop_listening();
    CHECK(client.until([&] { return client.host.finishes == 1; }));
}

TEST_CASE("no more requests are read than may be in flight, but what they wait for is") {
    Client client(Json{{"max_in_flight", 2}});
    client.start();
    client.say(request(1, "hold") + request(2, "hold") + note("x") + "\n" + request(3, "hold") +
               note("release") + "\n");
    CHECK(client.until([&] { return client.host.session->log.size() == 3; }));
    client.host.worker.poll();
    CHECK(client.host.session->log == Lines{"request 1", "request 2", "notify x"});
    auto release = [&]() -> awaitable<> {
        co_await client.host.session->notify(message(note("release")));
    };
    sdk::spawn_logged(client.host.worker, release(), "test.release");
    client.hear(4);
}

TEST_CASE("a client that doesn't read is waited for, with bounded memory and nothing lost") {
    Client client;
    client.start();
    client.hear(1);
    client.say(request(1, "stream"));
    ScriptedSession& session = *client.host.session;
    CHECK(client.until([&] { return session.streamed >= 10; }));
    for (int i = 0; i < 100; ++i)
        client.host.worker.poll();
    CHECK(session.streamed < ScriptedSession::kStream);
    CHECK(session.answered == 0);
    client.say(request(2, "echo"));  // still taken; its answer has its place behind the others
    const Lines lines = client.hear(ScriptedSession::kStream + 2);
    CHECK(lines.size() == ScriptedSession::kStream + 2);
    CHECK(session.answered == 2);
}

TEST_CASE("a regular file can be stdin") {
    const TemporaryDirectory home;
    const std::string path = home.file("input", request(1, "echo") + request(2, "echo"), false);
    const UniqueFd input(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    Client client;
    int output[2];
    REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
    const UniqueFd reader(output[0]), writer(output[1]);
    client.start(input.get(), writer.get());
    CHECK(client.until([&] { return client.host.finishes == 1; }));
    std::string text(4096, '\0');
    text.resize(static_cast<std::size_t>(::read(reader.get(), text.data(), text.size())));
    CHECK(text == note("hello") + "\n" + answer(1) + "\n" + answer(2) + "\n");
}

TEST_CASE("descriptors are given back as they were") {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    const UniqueFd mine(ends[0]), theirs(ends[1]);
    const std::size_t before = open_descriptors();
    {
        Client client;
        client.start(theirs.get(), theirs.get());
        client.stop();
        CHECK((::fcntl(theirs.get(), F_GETFL) & O_NONBLOCK) == 0);
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("a pipe that others use as well stays blocking for them") {
    Client client;
    client.start();
    CHECK((::fcntl(client.to().read.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("a listener that can't start says why") {
    ScriptedHost host;
    const auto failure = [&host](int input) {
        StdioListener listener(ListenerOptions(Json::object()), host, input, STDOUT_FILENO);
        sdk::Error error;
        auto begin = [&]() -> awaitable<> {
            const Result<void> outcome = co_await listener.start();
            REQUIRE(outcome.has_error());
            error = outcome.error();
        };
        sdk::spawn_logged(host.worker, begin(), "test.start");
        host.worker.run();
        return error;
    };
    CHECK(failure(-1).message() == "stdin can't be used: Bad file descriptor");
    host.full = true;
    CHECK(failure(STDIN_FILENO).code() == ErrorCode::session_limit);
}
