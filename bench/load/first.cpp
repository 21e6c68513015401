// SPDX-License-Identifier: Apache-2.0
// bench-load first: how long after its start a program gives its first right answer. Counted from
// just before fork, so that loading, reading the configuration and starting what is behind it are
// part of it.
#include "child.hpp"
#include "commands.hpp"
#include "session.hpp"

#include <cstdio>
#include <thread>

namespace bench {
namespace {

constexpr std::chrono::microseconds kBetween{500};

class First {
public:
    explicit First(const Options& options)
        : target_(options),
          call_(CallText::from_file(options.text("--request"))),
          expected_(options.all("--expect")),
          initializes_(session_mode(options) != SessionMode::kNone),
          timeout_(milliseconds(options.count("--timeout-ms", 10'000))),
          command_(options.command()) {
        if (options.all("--expect").empty()) throw UsageError("--expect is missing; see --help");
    }

    int run() {
        start_ = Clock::now();
        deadline_ = start_ + timeout_;
        std::optional<Child> child;
        if (!command_.empty()) child.emplace(command_, Child::Output::kDiscarded);
        while (!is_answered()) {
            if (child && child->ended()) throw std::runtime_error("the command has ended");
            if (Clock::now() >= deadline_)
                throw std::runtime_error("no right answer in time: " + why_);
            std::this_thread::sleep_for(kBetween);
        }
        JsonObject object;
        object.add("command", std::string_view("first")).add("ms", since_start());
        object.add("ms_to_any_answer", heard_).add("attempts", attempts_);
        std::printf("%s\n", object.text().c_str());
        return 0;
    }

private:
    double since_start() const {
        return static_cast<double>(nanoseconds_between(start_, Clock::now())) / 1e6;
    }

    /// One attempt; what it failed by is kept.
    bool is_answered() {
        ++attempts_;
        try {
            call();
            return true;
        } catch (const std::runtime_error& error) {
            why_ = error.what();
            return false;
        }
    }

    void call() {
        Connection connection(target_.address());
        std::string session;
        if (initializes_) {
            ask(connection, target_.post({}, kInitialize), deadline_);
            note_heard();
            session = session_of(connection);
            ask(connection, target_.post(session, kInitialized), deadline_);
        }
        ask(connection, target_.post(session, call_.text(CallText::kFirstId)), deadline_);
        note_heard();
        const Fault fault =
            expected_.judge(connection.body(), call_.has_id() ? CallText::kFirstId : 0);
        if (connection.head().status() == 200 && fault == Fault::kNone) return;
        throw std::runtime_error("status " + std::to_string(connection.head().status()) + ": " +
                                 excerpt(connection.body()));
    }

    void note_heard() {
        if (heard_ == 0) heard_ = since_start();
    }

    Target target_;
    CallText call_;
    Expected expected_;
    bool initializes_;
    nanoseconds timeout_;
    std::vector<char*> command_;
    Time start_{}, deadline_{};
    double heard_ = 0;  ///< Milliseconds to the first HTTP answer of any kind.
    std::uint64_t attempts_ = 0;
    std::string why_;
};

}  // namespace

int first_command(int argc, char** argv) {
    using Kind = Options::Kind;
    const Options options(argc, argv,
                          {{"--url"},
                           {"--request"},
                           {"--expect", Kind::kRepeated},
                           {"--header", Kind::kRepeated},
                           {"--session"},
                           {"--timeout-ms"}});
    return First(options).run();
}

}  // namespace bench
