// SPDX-License-Identifier: Apache-2.0
// bench-load burst: many calls at one moment. How much a proxy holds while they pass, and whether
// it gives that back.
#include "caller.hpp"
#include "commands.hpp"
#include "memory.hpp"

#include <algorithm>
#include <thread>

namespace bench {
namespace {

constexpr std::chrono::seconds kSettle{3};

class Burst {
public:
    explicit Burst(const Options& options)
        : pid_(static_cast<pid_t>(options.count("--pid"))),
          rounds_(options.count("--rounds", 1)),
          callers_(checked(options)) {}

    int run() {
        const Memory before = settled_memory(pid_);
        const bool reset = reset_peak(pid_);
        const Time start = Clock::now();
        for (std::uint64_t round = 0; round < rounds_; ++round)
            run_round();
        const double seconds = static_cast<double>(nanoseconds_between(start, Clock::now())) / 1e9;
        const Memory peak = peak_resident_memory(pid_);
        std::this_thread::sleep_for(kSettle);
        return report(seconds, before, peak, resident_memory(pid_), reset);
    }

private:
    const Options& checked(const Options& options) const {
        if (!is_running(pid_)) throw UsageError("--pid: no process " + std::to_string(pid_));
        if (rounds_ < 1 || rounds_ > 10'000) throw UsageError("--rounds must be 1 to 10000");
        return options;
    }

    void run_round() {
        const Time start = Clock::now();
        std::size_t left = callers_.size();
        for (std::size_t i = 0; i < callers_.size(); ++i) {
            callers_.send(callers_[i], start, Clock::now());
            left -= settles(callers_[i]);
        }
        while (left > 0) {
            for (const std::size_t index :
                 callers_.poller().wait(Clock::now() + milliseconds(100))) {
                callers_[index].connection.proceed();
                left -= settles(callers_[index]);
            }
            callers_.fail_late(Clock::now());
            for (std::size_t i = 0; i < callers_.size(); ++i)
                left -= settles(callers_[i]);
        }
    }

    /// 1 when the caller's answer or failure was counted just now.
    std::size_t settles(Caller& caller) {
        if (caller.id == 0 || caller.connection.state() == Connection::State::kBusy) return 0;
        std::string detail;
        const Fault fault = callers_.judge(caller, detail);
        if (fault == Fault::kNone) {
            tally_.right(nanoseconds_between(caller.due, Clock::now()));
        } else {
            tally_.wrong(fault, std::move(detail));
        }
        caller.id = 0;
        return 1;
    }

    int report(double seconds, const Memory& before, const Memory& peak, const Memory& after,
               bool reset) {
        JsonObject object;
        object.add("command", std::string_view("burst"));
        object.add("connections", std::uint64_t{callers_.size()}).add("rounds", rounds_);
        object.add("seconds", seconds);
        object.add("rss_before_bytes", before.process).add("rss_peak_bytes", peak.process);
        object.add("rss_after_bytes", after.process);
        object.add("descendants_before_bytes", before.descendants);
        object.add("descendants_peak_bytes", peak.descendants);
        object.add("descendants_after_bytes", after.descendants);
        object.add_raw("peak_is_of_the_burst", reset ? "true" : "false");
        add_tally(object, tally_);
        return finish(object, tally_);
    }

    pid_t pid_;
    std::uint64_t rounds_;
    Callers callers_;
    Tally tally_;
};

}  // namespace

int burst_command(int argc, char** argv) {
    using Kind = Options::Kind;
    const Options options(argc, argv,
                          {{"--url"},
                           {"--pid"},
                           {"--connections"},
                           {"--rounds"},
                           {"--request"},
                           {"--expect", Kind::kRepeated},
                           {"--header", Kind::kRepeated},
                           {"--session"},
                           {"--timeout"}});
    return Burst(options).run();
}

}  // namespace bench
