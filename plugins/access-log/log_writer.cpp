// SPDX-License-Identifier: Apache-2.0
// The loop between queue and file, and what it says when that is stuck.
#include "log_writer.hpp"

#include "shadowcat/sdk/log.hpp"

#include "record_line.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace shadowcat::access_log {

LogWriter::LogWriter(const Options& options, sdk::Metrics& metrics, sdk::Duration retry)
    : queue_(options.queue_bytes),
      file_(options.path, options.max_bytes, options.keep),
      dropped_(metrics.counter("shadowcat_access_log_dropped_total",
                               "Lines of the access log that were dropped")),
      errors_(metrics.counter("shadowcat_access_log_write_errors_total",
                              "Attempts to write to the access log that failed")),
      retry_(retry) {}

void LogWriter::append(std::string_view line) noexcept {
    if (!queue_.append(line)) dropped_.add();
}

void LogWriter::run() {
    for (bool stop = false; !stop;) {
        const LineQueue::Work work = queue_.wait(batch_);
        reopen_ = work.reopen;
        stop = work.stop;
        if (work.dropped > 0) add_dropped(work.dropped);
        write_batch();
        if (reopen_) reopen({});
    }
    end();
}

void LogWriter::add_dropped(std::uint64_t count) {
    Line line;
    write_dropped(std::chrono::system_clock::now(), count, line);
    batch_ += line.view();
}

void LogWriter::write_batch() {
    std::string_view rest = batch_;
    while (!rest.empty()) {
        const LogFile::Written written = file_.write(rest);
        rest.remove_prefix(written.bytes);
        note(written.error);
        if (rest.empty()) return;
        if (!may_go_on(written.error)) return give_up(rest);
        if (reopen_wanted()) {
            rest = reopen(rest);
        } else if (written.error != EAGAIN) {
            queue_.pause(retry_);
        }
    }
}

/// At the end a slow reader gets a little time, and a full disk none.
bool LogWriter::may_go_on(int error) {
    if (!queue_.stopping()) return true;
    if (!last_writes_end_) last_writes_end_ = sdk::Clock::now() + kLastWrites;
    return error == EAGAIN && sdk::Clock::now() < *last_writes_end_;
}

bool LogWriter::reopen_wanted() {
    reopen_ = queue_.take_reopen() || reopen_;
    return reopen_;
}

/// What of `rest` is left to write: a line that the old file has the beginning of isn't continued
/// in the new one.
std::string_view LogWriter::reopen(std::string_view rest) {
    reopen_ = false;
    const bool torn = file_.mid_line();
    const auto opened = file_.open();
    if (opened.has_error()) {
        sdk::log::error("access log can't be opened anew", {{"error", opened.error()}});
        return rest;
    }
    sdk::log::info("access log opened anew", {{"path", file_.path()}});
    if (!torn) return rest;
    count(dropped_);
    return rest.substr(std::min(rest.find('\n'), rest.size() - 1) + 1);
}

/// Says when writing begins to fail and when it works again, not each time.
void LogWriter::note(int error) {
    if (error == EAGAIN) return;
    const bool fails = error != 0;
    if (fails) count(errors_);
    if (std::exchange(failing_, fails) == fails) return;
    if (fails) {
        sdk::log::error(
            "access log can't be written",
            {{"path", file_.path()}, {"error", std::generic_category().message(error)}});
    } else {
        sdk::log::info("access log is written again", {{"path", file_.path()}});
    }
}

void LogWriter::give_up(std::string_view rest) {
    const auto lines = std::ranges::count(rest, '\n');
    lost_ += lines;
    count(dropped_, lines);
}

void LogWriter::end() {
    file_.close();
    if (lost_ == 0) return;
    sdk::log::warn("access log ends without its last lines",
                   {{"path", file_.path()}, {"lines", lost_}});
}

void LogWriter::count(sdk::Counter& counter, std::int64_t amount) {
    if (!abandoned_) counter.add(amount);
}

}  // namespace shadowcat::access_log
