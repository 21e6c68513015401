// SPDX-License-Identifier: Apache-2.0
// LogWriter: what the log's own thread does.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/result.hpp"

#include "line_queue.hpp"
#include "log_file.hpp"
#include "options.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::access_log {

/// Takes lines out of the queue and writes them. When the disk is full or broken it keeps what it
/// has, tries again once a `retry` and says so once; the queue fills meanwhile, and then drops.
class LogWriter {
public:
    LogWriter(const Options& options, sdk::Metrics& metrics,
              sdk::Duration retry = std::chrono::seconds(1));

    /// Opens the file; once, before `run`.
    sdk::Result<void> open() { return file_.open(); }

    /// From any thread: one line, or a count of what was dropped.
    void append(std::string_view line) noexcept;

    /// From any thread; neither waits.
    void ask_reopen() noexcept { queue_.ask_reopen(); }
    void ask_stop() noexcept { queue_.ask_stop(); }

    /// Until `ask_stop`, and then for as long as the rest needs, but at most about `kLastWrites`,
    /// as long as the system gives writing back at all.
    void run();
    static constexpr sdk::Duration kLastWrites = std::chrono::seconds(1);

    /// From any thread: nobody waits for `run` any more, and the metrics may be gone.
    void abandon() noexcept { abandoned_ = true; }

private:
    void write_batch();
    void add_dropped(std::uint64_t count);
    bool may_go_on(int error);
    bool reopen_wanted();
    std::string_view reopen(std::string_view rest);
    void note(int error);
    void give_up(std::string_view rest);
    void end();
    void count(sdk::Counter& counter, std::int64_t amount = 1);

    LineQueue queue_;
    LogFile file_;
    sdk::Counter& dropped_;
    sdk::Counter& errors_;
    const sdk::Duration retry_;
    std::string batch_;
    bool reopen_ = false;
    bool failing_ = false;
    std::int64_t lost_ = 0;  // lines that were given up at the end
    std::optional<sdk::TimePoint> last_writes_end_;
    std::atomic<bool> abandoned_ = false;
};

}  // namespace shadowcat::access_log
