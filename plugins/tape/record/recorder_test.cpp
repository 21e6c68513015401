// SPDX-License-Identifier: Apache-2.0
// The interceptor with its thread: bounds, waiting, ending, and being killed.
#include "shadowcat/sdk/spawn.hpp"

#include "record/full_disk.hpp"
#include "record/recording_scene.hpp"
#include "record/tape_interceptor.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

class Booth : public Scratch {
public:
    explicit Booth(const sdk::Json& config = sdk::Json::object())
        : options(scene::options(*this, config)),
          recorder(std::make_shared<Recorder>(options, metrics)),
          interceptor(std::make_unique<TapeInterceptor>(recorder, worker)) {}

    /// One message after the other, all waiting ones at once.
    void record(const std::string& bytes) {
        sdk::spawn_logged(worker, pass(bytes), "test.pass");
        worker.poll();
    }

    sdk::awaitable<> pass(std::string bytes) {
        sdk::Message message = sdk::Message::parse(std::move(bytes)).value();
        const sdk::MessageContext context(sdk::Direction::client_to_server, "s1", "primary");
        const sdk::Verdict verdict = co_await interceptor->on_message(message, context);
        CHECK((verdict.kind() == sdk::Verdict::Kind::pass));
        ++passed;
    }

    void end() {
        interceptor->stop();
        interceptor.reset();
        recorder.reset();
    }

    /// Polls the worker until it is so; gives up after ten seconds.
    template <class Condition>
    bool eventually(Condition condition) {
        const auto limit = sdk::Clock::now() + std::chrono::seconds(10);
        while (!condition() && sdk::Clock::now() < limit) {
            worker.poll();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return condition();
    }

    std::filesystem::path only_tape() const {
        const auto all = tapes_in(options.path);
        REQUIRE(all.size() == 1);
        return all.front();
    }

    sdk::Worker worker;
    sdk::Metrics metrics;
    Options options;
    std::shared_ptr<Recorder> recorder;
    std::unique_ptr<TapeInterceptor> interceptor;
    int passed = 0;
};

std::string big(int id, std::size_t bytes) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"method":"tools/call","params":{"name":")" + std::string(bytes, 'x') + "\"}}";
}

/// Frames and lost ones on a tape.
std::pair<int, int> frames_and_lost(const std::filesystem::path& tape) {
    int frames = 0;
    int lost = 0;
    for (const TapeLine& line : scene::lines_of(tape)) {
        if (line.kind == TapeLine::Kind::frame) ++frames;
        if (line.kind == TapeLine::Kind::gap) lost += line.fields["dropped"].get<int>();
    }
    return {frames, lost};
}

}  // namespace

TEST_CASE("nothing is made before the first message, and all is there at the end") {
    Booth booth;
    CHECK_FALSE(std::filesystem::exists(booth.options.path));
    for (int id = 0; id < 100; ++id)
        booth.record(scene::request(id));
    CHECK(booth.passed == 100);
    booth.end();
    CHECK(frames_and_lost(booth.only_tape()) == std::pair(100, 0));
}

TEST_CASE("a quiet proxy's messages are on the disk at once") {
    Booth booth;
    booth.record(scene::request(1));
    REQUIRE(booth.eventually([&] { return !tapes_in(booth.options.path).empty(); }));
    const auto tape = booth.only_tape();
    REQUIRE(
        booth.eventually([&] { return Scratch::text(tape).find("ping") != std::string::npos; }));
    booth.record(scene::request(77));
    REQUIRE(booth.eventually([&] { return Scratch::text(tape).find("77") != std::string::npos; }));
}

TEST_CASE("drop: a full queue loses messages, never traffic, and the tape says how many") {
    Booth booth(sdk::Json{{"queue_bytes", 65536}});
    for (int id = 0; id < 2000; ++id)
        booth.record(big(id, 30'000));
    CHECK(booth.passed == 2000);
    booth.end();
    const auto [frames, lost] = frames_and_lost(booth.only_tape());
    CHECK(lost > 0);
    CHECK(frames + lost == 2000);
}

TEST_CASE("block: nothing is lost, in order, and the worker waits without blocking") {
    Booth booth(sdk::Json{{"queue_bytes", 65536}, {"on_full", "block"}});
    for (int id = 0; id < 2000; ++id)
        booth.record(big(id, 30'000));
    CHECK(booth.passed < 2000);
    CHECK(booth.eventually([&] { return booth.passed == 2000; }));
    booth.end();
    int next = 0;
    for (const TapeLine& line : scene::lines_of(booth.only_tape())) {
        CHECK((line.kind != TapeLine::Kind::gap));
        if (line.kind == TapeLine::Kind::frame) CHECK(line.id == std::to_string(next++));
    }
    CHECK(next == 2000);
}

TEST_CASE("block: a message that is larger than the queue passes when its turn comes") {
    Booth booth(sdk::Json{{"queue_bytes", 65536}, {"on_full", "block"}});
    booth.record(big(1, 50'000));
    booth.record(big(2, 500'000));
    booth.record(big(3, 10));
    CHECK(booth.eventually([&] { return booth.passed == 3; }));
    booth.end();
    CHECK(frames_and_lost(booth.only_tape()) == std::pair(3, 0));
}

TEST_CASE("block: a full disk holds nobody up") {
    Booth booth(sdk::Json{{"queue_bytes", 65536}, {"on_full", "block"}});
    {
        const FullDisk full(1000);
        for (int id = 0; id < 50; ++id)
            booth.record(big(id, 30'000));
        CHECK(booth.eventually([&] { return booth.passed == 50; }));
    }
    booth.end();
}

TEST_CASE("stop lets go of whoever waits") {
    Booth booth(sdk::Json{{"queue_bytes", 65536}, {"on_full", "block"}});
    for (int id = 0; id < 500; ++id)
        booth.record(big(id, 60'000));
    booth.interceptor->stop();
    booth.worker.poll();
    CHECK(booth.passed == 500);
    booth.record(scene::request(1));
    CHECK(booth.passed == 501);
    booth.end();
    const auto [frames, lost] = frames_and_lost(booth.only_tape());
    CHECK(frames + lost == 501);
}

TEST_CASE("what one worker records isn't finished as long as another records") {
    Booth booth;
    auto second = std::make_unique<TapeInterceptor>(booth.recorder, booth.worker);
    booth.record(scene::request(1));
    booth.end();
    second->on_transport_event(
        sdk::TransportEvent(sdk::TransportEvent::Kind::session_closed, sdk::Hop::downstream, "s1"));
    second.reset();
    CHECK(scene::kinds_of(booth.only_tape()) == "fvce");
}

TEST_CASE("a recorder that is killed leaves a tape that reads") {
    const Scratch scratch;
    const auto file = scratch.file("a.jsonl");
    const pid_t child = ::fork();
    if (child == 0) {
        const Options options = scene::options(scratch, {{"path", file.string()}});
        sdk::Metrics metrics;
        TapeMetrics counters(metrics);
        TapeDesk recording(options, counters);
        ::alarm(60);
        for (int id = 0; id < 20'000; ++id) {
            recording.take(scene::message(big(id % 1000, 3000)), sdk::Clock::now());
            recording.flush(sdk::Clock::now());
        }
        while (true)
            ::pause();
    }
    REQUIRE(child > 0);
    const auto limit = sdk::Clock::now() + std::chrono::seconds(20);
    std::error_code failed;
    while (std::filesystem::file_size(file, failed) < 500'000 || failed) {
        REQUIRE(sdk::Clock::now() < limit);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    // Where the kill didn't happen to come within a line, make it so.
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 7);
    auto reader = TapeReader::open(file);
    REQUIRE(reader.has_value());
    std::uint64_t frames = 0;
    while (const auto line = reader->next())
        if (line->kind == TapeLine::Kind::frame) ++frames;
    CHECK(frames > 50);
    REQUIRE(reader->problem_count() == 1);
    CHECK((reader->problems()[0].kind == TapeProblem::Kind::torn_end));
    CHECK((read_meta(file)->status == TapeMeta::Status::recording));
}
