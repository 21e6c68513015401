// SPDX-License-Identifier: Apache-2.0
// ChildConnection: MCP over the pipes of one child process, from its start to the last descriptor.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "child_process.hpp"
#include "launcher.hpp"
#include "line_framer.hpp"
#include "line_writer.hpp"
#include "noise_log.hpp"
#include "stderr_log.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace shadowcat::transport_stdio {

/// What a connection needs to know beside its child.
class ConnectionOptions {
public:
    ConnectionOptions(std::string name, const ChildMetrics& counts, sdk::ParseLimits bounds,
                      sdk::Duration patience)
        : upstream(std::move(name)), metrics(counts), limits(bounds), grace(patience) {}

    bool passes_stderr = false;  ///< to our own, instead of into the log
    bool passes_text = false;    ///< as `sdk::LinkOptions::passes_text`

    std::string upstream;
    ChildMetrics metrics;
    sdk::ParseLimits limits;
    sdk::Duration grace;
};

/// `send`, `receive`, `close` as `sdk::Pipe` has them. Shared with its own coroutines: the one that
/// reaps must outlive a pipe that is destroyed in the middle.
class ChildConnection : public std::enable_shared_from_this<ChildConnection> {
public:
    ChildConnection(sdk::Worker& worker, Launched launched, ConnectionOptions options);

    /// Begins to watch the child and its stderr. Once, before anything else.
    void start();

    sdk::awaitable<sdk::Result<void>> send(std::span<sdk::Message> messages);
    sdk::awaitable<sdk::Result<sdk::Message>> receive();
    sdk::awaitable<> close();

    /// Kills and closes at once; the child is reaped soon after.
    void abandon() noexcept;

    /// Closes stdin; the child ends, or is made to.
    void end_input() { begin_shutdown(); }
    void set_session(std::string_view label);
    void kill() noexcept { child_.crash(); }
    void signal(int number) noexcept { child_.signal(number); }
    std::optional<int> exit_code() const noexcept { return child_.exit_code(); }
    std::size_t resident_bytes() const;

    /// `pid=7`; once it has exited also how.
    std::string peer() const;

private:
    using Self = std::shared_ptr<ChildConnection>;

    static sdk::awaitable<> watch_child(Self self);
    static sdk::awaitable<> log_stderr(Self self);
    static sdk::awaitable<> climb_ladder(Self self);
    static sdk::awaitable<> discard_output(Self self);

    std::optional<sdk::Message> next_message();
    sdk::Result<sdk::Message> first_message_of(std::string line);
    void report_oversized();
    sdk::awaitable<> read_more();
    void read_leftovers(asio::mutable_buffer space);
    void end_of_output();
    sdk::awaitable<> give_up(const char* reason);
    void begin_shutdown();
    void begin_close();
    void release_streams();
    sdk::Error end_error() const;

    sdk::Worker& worker_;
    ChildProcess child_;
    Stream input_, output_;
    std::optional<StderrLog> errors_;  // unless the child has our own stderr
    LineWriter writer_;
    LineFramer framer_;
    std::deque<sdk::Message> rest_of_batch_;
    NoiseLog noise_;
    ChildMetrics metrics_;
    sdk::ParseLimits limits_;
    sdk::Duration grace_;
    const bool passes_text_;
    sdk::Gate tasks_;      // of this object, without the one that reaps
    Occurrence finished_;  // reaped, and every task has ended
    std::string lost_;     // why the child was given up while it lived
    int leftover_reads_ = 0;
    bool output_over_ = false;
    bool shutting_down_ = false;
    bool closing_ = false;
};

}  // namespace shadowcat::transport_stdio
