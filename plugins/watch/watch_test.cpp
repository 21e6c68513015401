// SPDX-License-Identifier: Apache-2.0
// The interceptor as the core uses it: output, viewers, and nobody.
#include "watch.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "scratch.hpp"
#include "testing.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

using namespace shadowcat;
using namespace shadowcat::watch;
using namespace std::chrono_literals;

namespace {

/// The control host with the one verb there is.
class Host final : public sdk::ControlHost {
public:
    std::shared_ptr<void> serve(std::string verb, Handler served) override {
        CHECK(verb == "watch");
        handler = std::move(served);
        return std::make_shared<int>();
    }
    Handler handler;
};

/// Somebody with a terminal.
class Peer final : public sdk::ControlPeer {
public:
    sdk::awaitable<sdk::Result<void>> send(sdk::Json line) override {
        if (leaves_after && lines.size() >= *leaves_after) is_gone = true;
        if (is_gone) co_return sdk::Error(sdk::ErrorCode::closed, "the peer has gone");
        lines.push_back(std::move(line));
        co_return sdk::Result<void>();
    }
    bool gone() const noexcept override { return is_gone; }
    void on_gone(std::function<void()>) override {}

    bool has(const std::string& key, const sdk::Json& value) const {
        return std::ranges::any_of(
            lines, [&](const sdk::Json& line) { return line.contains(key) && line[key] == value; });
    }

    std::vector<sdk::Json> lines;
    std::optional<std::size_t> leaves_after;
    bool is_gone = false;
};

/// A proxy of one worker with the interceptor under test.
class Scene {
public:
    explicit Scene(const sdk::Json& config = sdk::Json::object()) {
        std::vector<sdk::ConfigError> errors;
        const sdk::Json checked = sdk::validate(Options::schema(), config, "", errors);
        REQUIRE(errors.empty());
        interceptor = make_watch(checked, sdk::InterceptorContext(worker, metrics, host, slot));
    }

    void pass(const std::string& bytes, sdk::Direction direction, std::string_view session = "s1") {
        sdk::Message message = sdk::Message::parse(bytes).value();
        std::optional<sdk::Verdict> verdict;
        sdk::spawn_logged(worker, pass_through(message, direction, session, verdict), "pass");
        worker.poll();
        REQUIRE(verdict.has_value());
        CHECK(verdict->kind() == sdk::Verdict::Kind::pass);
        CHECK(message.bytes() == bytes);
    }

    /// Begins to serve `peer`.
    void attach(Peer& peer, const sdk::Json& filter = sdk::Json::object()) {
        sdk::Json request = filter;
        request["verb"] = "watch";
        sdk::spawn_logged(worker, serve(std::move(request), peer), "serve");
        worker.poll();
    }

    /// Runs the worker until `done`; false after ten seconds.
    template <class Done>
    bool until(const Done& done) {
        for (int i = 0; i < 10'000; ++i) {
            worker.poll();
            if (done()) return true;
            std::this_thread::sleep_for(1ms);
        }
        return false;
    }

    std::int64_t dropped() { return metrics.counter("shadowcat_watch_dropped_total", "").value(); }

    sdk::Worker worker;
    sdk::Metrics metrics;
    Host host;
    sdk::SharedSlot slot;
    std::unique_ptr<sdk::Interceptor> interceptor;
    int served = 0;
    std::string refusal;

private:
    sdk::awaitable<> pass_through(sdk::Message& message, sdk::Direction direction,
                                  std::string_view session, std::optional<sdk::Verdict>& verdict) {
        const sdk::MessageContext context(direction, session, "primary");
        verdict = co_await interceptor->on_message(message, context);
    }
    sdk::awaitable<> serve(sdk::Json request, Peer& peer) {
        auto serving = host.handler(std::move(request), peer);
        const sdk::Result<void> done = co_await std::move(serving);
        if (done.has_error()) refusal = done.error().message();
        ++served;
    }
};

}  // namespace

TEST_CASE("an output has a line for each message when the proxy has ended") {
    const Scratch scratch;
    {
        Scene scene(sdk::Json{{"output", scratch.path()}});
        scene.pass(call_of("7", "echo"), kOut);
        scene.pass(result_of("7"), kIn);
        scene.interceptor->on_transport_event(sdk::TransportEvent(
            sdk::TransportEvent::Kind::session_closed, sdk::Hop::downstream, "s1"));
        scene.interceptor->stop();
        scene.interceptor.reset();
    }
    const std::string text = Scratch::text(scratch.path());
    CHECK(std::ranges::count(text, '\n') == 3);
    CHECK(text.find(" s1 → tools/call echo #7  75 B\n") != std::string::npos);
    CHECK(text.find(" s1 ← tools/call echo #7  result ") != std::string::npos);
    CHECK(text.find(" ms 36 B\n") != std::string::npos);
    CHECK(text.ends_with(" s1 · session closed\n"));
    CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("an output shows what its filter says, in colours if told") {
    const Scratch scratch;
    {
        Scene scene(sdk::Json{{"output", scratch.path()},
                              {"methods", {"ping"}},
                              {"payload", true},
                              {"max_payload_bytes", 9},
                              {"color", "always"}});
        scene.pass(call_of("7", "echo"), kOut);
        scene.pass(R"({"jsonrpc":"2.0","id":8,"method":"ping"})", kOut);
        scene.interceptor.reset();
    }
    const std::string text = Scratch::text(scratch.path());
    CHECK(std::ranges::count(text, '\n') == 1);
    CHECK(text.find("ping") != std::string::npos);
    CHECK(text.find("{\"jsonrpc…") != std::string::npos);
    CHECK(text.find("\x1b[") != std::string::npos);
}

TEST_CASE("an output that takes nothing holds nothing up; what it missed is counted") {
    Scene scene(sdk::Json{{"output", "/dev/full"}});
    for (int i = 0; i < 100; ++i)
        scene.pass(call_of(std::to_string(i), "echo"), kOut);
    CHECK(scene.until([&] { return scene.dropped() == 100; }));
}

TEST_CASE("while nobody looks nothing is noted") {
    Scene scene;
    scene.pass(call_of("1", "early"), kOut);
    Peer peer;
    scene.attach(peer);
    CHECK(scene.until([&] { return !peer.lines.empty(); }));
    scene.pass(result_of("1"), kIn);
    CHECK(scene.until([&] { return peer.lines.size() == 2; }));
    CHECK(peer.lines[0]["event"] == "attached");
    CHECK(peer.lines[1]["kind"] == "result");
    CHECK_FALSE(peer.lines[1].contains("ms"));
    peer.is_gone = true;
    CHECK(scene.until([&] { return scene.served == 1; }));
}

TEST_CASE("several viewers see what each asked for") {
    Scene scene;
    Peer everything, errors, search;
    scene.attach(everything, {{"payload", true}, {"max_payload_bytes", 5}});
    scene.attach(errors, {{"errors", true}});
    scene.attach(search, {{"contains", "needle"}});
    scene.pass(call_of("1", "echo"), kOut);
    scene.pass(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}})", kIn);
    scene.pass(R"({"jsonrpc":"2.0","method":"x","params":{"needle":1}})", kOut);
    CHECK(scene.until([&] { return everything.lines.size() == 4 && errors.lines.size() == 2; }));
    CHECK(everything.lines[1]["payload"] == "{\"jso…");
    CHECK(everything.lines[2]["ms"].is_number());
    CHECK(errors.lines[1]["error"]["code"] == -1);
    CHECK_FALSE(errors.lines[1].contains("payload"));
    CHECK(scene.until([&] { return search.lines.size() == 2; }));
    CHECK(search.lines[1]["method"] == "x");
    scene.interceptor->stop();
    CHECK(scene.until([&] { return scene.served == 3; }));
}

TEST_CASE("a viewer that vanishes is forgotten, whatever it was doing") {
    Scene scene;
    Peer silent, busy;
    busy.leaves_after = 3;
    scene.attach(silent);
    scene.attach(busy);
    CHECK(scene.until([&] { return silent.lines.size() == 1 && busy.lines.size() == 1; }));
    silent.is_gone = true;
    for (int i = 0; i < 10; ++i)
        scene.pass(call_of(std::to_string(i), "echo"), kOut);
    CHECK(scene.until([&] { return scene.served == 2; }));
    CHECK(busy.lines.size() == 3);
    scene.pass(call_of("11", "echo"), kOut);
    CHECK(scene.worker.gate().inside() == 0);
}

TEST_CASE("too many viewers and odd filters are refused with a sentence") {
    Scene scene;
    std::array<Peer, Audience::kMaxViewers + 1> peers;
    for (Peer& peer : peers)
        scene.attach(peer);
    CHECK(scene.until([&] { return scene.served == 1; }));
    CHECK(scene.refusal == "8 viewers are attached already");
    Peer odd;
    scene.attach(odd, {{"slow_ms", "soon"}});
    CHECK(scene.until([&] { return scene.served == 2; }));
    CHECK(scene.refusal.starts_with("slow_ms: "));
    scene.interceptor->stop();
    CHECK(scene.until([&] { return scene.served == Audience::kMaxViewers + 2; }));
    Peer late;
    scene.attach(late);
    CHECK(scene.until([&] { return scene.refusal == "the proxy is ending"; }));
}

TEST_CASE("what passed before the end is sent before the end") {
    Scene scene;
    Peer peer;
    scene.attach(peer);
    CHECK(scene.until([&] { return peer.lines.size() == 1; }));
    for (int i = 0; i < 50; ++i)
        scene.pass(call_of(std::to_string(i), "echo"), kOut);
    scene.interceptor->stop();
    CHECK(scene.until([&] { return scene.served == 1; }));
    CHECK(peer.lines.size() == 51);
}

TEST_CASE("a viewer that is slower than the traffic is told what it missed") {
    Scene scene;
    Peer peer;
    scene.attach(peer);
    CHECK(scene.until([&] { return peer.lines.size() == 1; }));
    constexpr std::size_t kMany = 3 * Viewer::kMaxWaiting;
    for (std::size_t i = 0; i < kMany; ++i) {  // without the worker's turn in between
        sdk::TransportEvent event(sdk::TransportEvent::Kind::stderr_line, sdk::Hop::upstream, "");
        scene.interceptor->on_transport_event(event);
        if (i % 512 == 511) std::this_thread::sleep_for(30ms);
    }
    const auto told = [&] {
        std::size_t sum = 0;
        for (const sdk::Json& line : peer.lines)
            sum += line.value("event", "") == "stderr" ? 1 : line.value("count", std::size_t{0});
        return sum;
    };
    CHECK(scene.until([&] { return told() == kMany; }));
    CHECK(peer.has("event", "dropped"));
    peer.is_gone = true;
    CHECK(scene.until([&] { return scene.served == 1; }));
}

TEST_CASE("instances of several workers share one view") {
    const Scratch scratch;
    sdk::Metrics metrics;
    Host host;
    sdk::SharedSlot slot;
    std::vector<sdk::ConfigError> errors;
    const sdk::Json config =
        sdk::validate(Options::schema(), {{"output", scratch.path()}}, "", errors);
    {
        sdk::Worker first(0), second(1);
        const auto a = make_watch(config, sdk::InterceptorContext(first, metrics, host, slot));
        const auto b = make_watch(config, sdk::InterceptorContext(second, metrics, host, slot));
        const sdk::TransportEvent event(sdk::TransportEvent::Kind::link_opened, sdk::Hop::upstream,
                                        "s1");
        std::thread other([&] { b->on_transport_event(event); });
        a->on_transport_event(event);
        other.join();
    }
    CHECK(std::ranges::count(Scratch::text(scratch.path()), '\n') == 2);
}
