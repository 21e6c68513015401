// SPDX-License-Identifier: Apache-2.0
// bench-load pipe: calls a stdio server through its pipes, with nothing in between: what a bridge
// to stdio is compared with.
#include "caller.hpp"
#include "child.hpp"
#include "commands.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <unordered_map>

namespace bench {
namespace {

constexpr std::size_t kPipeRead = 256 * 1024;

/// A child's pipes as lines: queue them, and take those that have come.
class LinePipe {
public:
    explicit LinePipe(Child& child) : child_(child) {}

    Buffer& out() { return out_; }

    /// Writes and reads what is possible without waiting longer than until the deadline.
    void exchange(Time deadline) {
        write_some();
        pollfd waiting[2] = {{child_.output(), POLLIN, 0},
                             {out_.empty() ? -1 : child_.input(), POLLOUT, 0}};
        if (::poll(waiting, 2, milliseconds_until(deadline)) <= 0) return;
        if (waiting[1].revents != 0) write_some();
        if (waiting[0].revents != 0) read_some();
    }

    /// The next whole line, without its end; valid until the next call of anything here.
    bool next_line(std::string_view& line) {
        in_.consume(taken_);
        taken_ = 0;
        const std::size_t end = in_.view().find('\n', searched_);
        searched_ = end == std::string_view::npos ? in_.size() : 0;
        if (end == std::string_view::npos) return false;
        line = in_.view().substr(0, end);
        taken_ = end + 1;
        return true;
    }

private:
    void write_some() {
        while (!out_.empty()) {
            const ssize_t count = ::write(child_.input(), out_.data(), out_.size());
            if (count < 0 && errno == EAGAIN) return;
            if (count < 0) throw system_failure("writing to the server");
            out_.consume(static_cast<std::size_t>(count));
        }
    }

    void read_some() {
        char* const room = in_.prepare(kPipeRead);
        const ssize_t count = ::read(child_.output(), room, in_.room());
        if (count == 0) throw std::runtime_error("the server ended");
        if (count > 0) in_.commit(static_cast<std::size_t>(count));
    }

    Child& child_;
    Buffer in_;
    Buffer out_;
    std::size_t searched_ = 0;  ///< No newline before here.
    std::size_t taken_ = 0;     ///< The line that was handed out.
};

class PipeLoad {
public:
    explicit PipeLoad(const Options& options)
        : call_(CallText::from_file(options.text("--request"))),
          expected_(options.all("--expect")),
          concurrency_(options.count("--concurrency", 1)),
          seconds_(options.number("--seconds", 3)),
          timeout_(seconds_of(options.number("--timeout", 10))),
          initializes_(session_mode(options) != SessionMode::kNone),
          child_(checked(options), Child::Output::kPiped) {}

    int run() {
        if (initializes_) initialize();
        start_ = Clock::now();
        end_ = start_ + seconds_of(seconds_);
        last_news_ = start_;
        for (std::uint64_t i = 0; i < concurrency_; ++i)
            send_call();
        while (!sent_.empty()) {
            pipe_.exchange(last_news_ + timeout_);
            take_lines();
            if (Clock::now() - last_news_ > timeout_) give_up();
        }
        return report(static_cast<double>(nanoseconds_between(start_, Clock::now())) / 1e9);
    }

private:
    /// All that is wrong with the arguments, before anything is started.
    const std::vector<char*>& checked(const Options& options) const {
        if (options.all("--expect").empty()) throw UsageError("--expect is missing; see --help");
        if (options.command().empty()) throw UsageError("a command behind -- is missing");
        if (seconds_ <= 0) throw UsageError("--seconds must be above 0");
        if (concurrency_ < 1 || concurrency_ > 10'000) {
            throw UsageError("--concurrency must be 1 to 10000");
        }
        if (!call_.has_id()) throw UsageError("--request: \"id\":1 must stand in it");
        return options.command();
    }

    void initialize() {
        pipe_.out().append(kInitialize);
        pipe_.out().append("\n");
        const Time deadline = Clock::now() + timeout_;
        std::string_view line;
        while (!pipe_.next_line(line)) {
            if (Clock::now() >= deadline) throw std::runtime_error("initialize: no answer in time");
            pipe_.exchange(deadline);
        }
        if (line.find("\"protocolVersion\"") == std::string_view::npos) {
            throw std::runtime_error("initialize is answered wrongly: " + excerpt(line));
        }
        pipe_.out().append(kInitialized);
        pipe_.out().append("\n");
    }

    void send_call() {
        IdDigits digits;
        const std::uint64_t id = next_id_++;
        for (const std::string_view piece :
             {call_.before(), digits.set(call_, id), call_.after(), std::string_view("\n")})
            pipe_.out().append(piece);
        sent_[id] = Clock::now();
    }

    void take_lines() {
        std::string_view line;
        while (pipe_.next_line(line))
            take_line(line);
    }

    /// Answers come in any order; what has no id of ours is a notification.
    void take_line(std::string_view line) {
        const std::uint64_t id = id_in(line);
        const auto found = sent_.find(id);
        if (found == sent_.end()) {
            if (id != 0) tally_.wrong(Fault::kId, "nobody asked: " + excerpt(line));
            return;
        }
        last_news_ = Clock::now();
        const Fault fault = expected_.judge(line, id);
        if (fault == Fault::kNone) {
            tally_.right(nanoseconds_between(found->second, last_news_));
        } else {
            tally_.wrong(fault, excerpt(line));
        }
        sent_.erase(found);
        if (last_news_ < end_) send_call();
    }

    void give_up() {
        for (std::size_t i = 0; i < sent_.size(); ++i)
            tally_.wrong(Fault::kLate, "no answer in time");
        sent_.clear();
    }

    int report(double seconds) {
        JsonObject object;
        object.add("command", std::string_view("pipe")).add("concurrency", concurrency_);
        object.add("seconds", seconds);
        object.add("requests_per_second", static_cast<double>(tally_.answered()) / seconds);
        add_tally(object, tally_);
        object.add_raw("histogram_us", buckets_json(tally_.latency()));
        return finish(object, tally_);
    }

    CallText call_;
    Expected expected_;
    std::uint64_t concurrency_;
    double seconds_;
    nanoseconds timeout_;
    bool initializes_;
    Child child_;
    LinePipe pipe_{child_};
    std::unordered_map<std::uint64_t, Time> sent_;
    std::uint64_t next_id_ = CallText::kFirstId;
    Time start_{}, end_{}, last_news_{};
    Tally tally_;
};

}  // namespace

int pipe_command(int argc, char** argv) {
    const Options options(argc, argv,
                          {{"--concurrency"},
                           {"--seconds"},
                           {"--request"},
                           {"--expect", Options::Kind::kRepeated},
                           {"--session"},
                           {"--timeout"}});
    return PipeLoad(options).run();
}

}  // namespace bench
