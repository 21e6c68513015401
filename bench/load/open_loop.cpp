// SPDX-License-Identifier: Apache-2.0
// bench-load open: calls at a fixed rate, whether or not the server keeps up.
//
// A closed loop (wrk: each connection sends its next request when it has the last answer) asks less
// while a server is slow: a stall of one second costs one slow answer instead of the thousands that
// clients would have waited for. That is coordinated omission, and it makes tails look good. Here
// request k is due at start + k / rate, whatever happened before. When all connections are busy it
// waits in this process, and its latency counts from the moment it was due, not from the moment it
// was sent. Requests that were due but never sent, because the server is slower than the rate,
// count with the time they waited.
#include "caller.hpp"
#include "commands.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <deque>

namespace bench {
namespace {

constexpr milliseconds kTick{100};  // how often late answers are looked for

double cpu_milliseconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

class OpenLoop {
public:
    explicit OpenLoop(const Options& options)
        : callers_(options),
          rate_(options.number("--rate")),
          seconds_(options.number("--seconds")),
          warmup_(options.number("--warmup", 0)) {
        if (rate_ < 0.1 || rate_ > 1e6) throw UsageError("--rate must be 0.1 to 1000000");
        if (seconds_ <= 0) throw UsageError("--seconds must be above 0");
        planned_ = static_cast<std::uint64_t>(rate_ * (warmup_ + seconds_));
        for (std::size_t i = 0; i < callers_.size(); ++i)
            free_.push_back(i);
    }

    int run() {
        start_ = Clock::now() + milliseconds(1);
        measured_from_ = start_ + seconds_of(warmup_);
        end_ = start_ + seconds_of(warmup_ + seconds_);
        const double cpu = cpu_milliseconds();
        while (step()) {
        }
        count_unsent();
        return report(cpu_milliseconds() - cpu);
    }

private:
    Time due_at(std::uint64_t number) const {
        return start_ + seconds_of(static_cast<double>(number) / rate_);
    }

    /// One turn of the loop; false at the end: everything is answered, or time is up.
    bool step() {
        const Time now = Clock::now();
        send_due(now);
        const bool all_sent = next_ == planned_ || now >= end_;
        if (all_sent && free_.size() == callers_.size()) return false;
        if (now >= next_tick_) {
            next_tick_ = now + kTick;
            give_up_late(now);
        }
        Time wake = next_tick_;
        if (!all_sent && !free_.empty()) wake = std::min(wake, due_at(next_));
        for (const std::size_t index : callers_.poller().wait(wake))
            on_ready(index);
        return true;
    }

    void send_due(Time now) {
        while (next_ < planned_ && now < end_ && !free_.empty() && due_at(next_) <= now) {
            const std::size_t index = free_.front();
            free_.pop_front();
            const Time due = due_at(next_++);
            callers_.send(callers_[index], due, now);
            if (due >= measured_from_) waited_.record(nanoseconds_between(due, now));
            settle_if_done(index);
        }
    }

    void on_ready(std::size_t index) {
        const bool was_busy = callers_[index].connection.state() == Connection::State::kBusy;
        callers_[index].connection.proceed();
        if (was_busy) settle_if_done(index);
    }

    void give_up_late(Time now) {
        callers_.fail_late(now);
        for (std::size_t i = 0; i < callers_.size(); ++i) {
            if (callers_[i].connection.state() == Connection::State::kFailed) settle_if_done(i);
        }
    }

    void settle_if_done(std::size_t index) {
        Caller& caller = callers_[index];
        if (caller.id == 0 || caller.connection.state() == Connection::State::kBusy) return;
        settle(caller, Clock::now());
        caller.id = 0;
        free_.push_back(index);
    }

    void settle(const Caller& caller, Time now) {
        std::string detail;
        const Fault fault = callers_.judge(caller, detail);
        if (fault != Fault::kNone) return tally_.wrong(fault, std::move(detail));
        if (caller.due < measured_from_) return;
        tally_.right(nanoseconds_between(caller.due, now));
        if (now <= end_) ++in_time_;
    }

    /// They were due, and would have waited at least until now.
    void count_unsent() {
        const Time now = Clock::now();
        for (; next_ < planned_; ++next_) {
            if (due_at(next_) >= measured_from_)
                tally_.unsent(nanoseconds_between(due_at(next_), now));
        }
    }

    int report(double cpu) {
        JsonObject object;
        object.add("command", std::string_view("open")).add("rate_asked", rate_);
        object.add("rate_reached", static_cast<double>(in_time_) / seconds_);
        object.add("seconds", seconds_).add("connections", std::uint64_t{callers_.size()});
        add_tally(object, tally_);
        object.add("unsent", tally_.unsent());
        object.add_raw("generator_wait_us", percentiles_json(waited_));
        object.add("generator_cpu_ms", cpu);
        object.add_raw("histogram_us", buckets_json(tally_.latency()));
        return finish(object, tally_);
    }

    Callers callers_;
    double rate_;
    double seconds_;
    double warmup_;
    std::uint64_t planned_ = 0;     ///< Requests of the whole schedule.
    std::uint64_t next_ = 0;        ///< The first that isn't sent yet.
    std::deque<std::size_t> free_;  ///< In turn, so that all connections are used.
    Time start_, measured_from_, end_, next_tick_{};
    Tally tally_;
    Histogram waited_;  ///< From due to sent.
    std::uint64_t in_time_ = 0;
};

}  // namespace

int open_loop_command(int argc, char** argv) {
    using Kind = Options::Kind;
    return OpenLoop(Options(argc, argv,
                            {{"--url"},
                             {"--rate"},
                             {"--connections"},
                             {"--seconds"},
                             {"--warmup"},
                             {"--request"},
                             {"--expect", Kind::kRepeated},
                             {"--header", Kind::kRepeated},
                             {"--session"},
                             {"--timeout"}}))
        .run();
}

}  // namespace bench
