// SPDX-License-Identifier: Apache-2.0
// LineOutput: the one way out to a client on stdout: ordered, merged, bounded.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "line_writer.hpp"
#include "stream.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace shadowcat::transport_stdio {

/// A message has its place as soon as `write` is called; `write` then waits only while too much is
/// pending. One coroutine writes, all that gathered while its last write was pending.
class LineOutput final : public sdk::ReplyStream {
public:
    static constexpr std::size_t kHighWater = 1024 * 1024;

    /// A client that makes room for nothing within `patience` counts as gone.
    LineOutput(Stream stream, sdk::Duration patience);

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;

    /// Drops what is pending and ends `run`; whoever runs it closes the rest.
    void sever() noexcept override;
    bool severed() const noexcept { return severed_; }

    /// As `write`, for a text that is no message of its own: the answer to a batch.
    sdk::awaitable<sdk::Result<void>> write_line(std::string line);

    /// Writes until `finish`, or until the receiver is gone. Exactly one coroutine runs this.
    sdk::awaitable<> run();

    /// From now on no `write` waits: what is said while things end is little, and must not delay
    /// it.
    void stop_waiting();

    /// Waits until nothing is pending, or the receiver is gone, `limit` at most. One at a time.
    sdk::awaitable<> flush(sdk::Duration limit);

    /// Takes no more messages, flushes, closes the stream and ends `run`.
    sdk::awaitable<> finish(sdk::Duration limit);

private:
    bool full() const noexcept {
        return pending_bytes_ > kHighWater && !broken_ && waiting_allowed_;
    }
    sdk::awaitable<> wait_for_room();
    sdk::awaitable<> write_pending();
    void wake_writers();
    void give_up();

    Stream stream_;
    LineWriter writer_;
    sdk::Duration patience_;
    std::vector<std::string> pending_, taken_;
    std::size_t pending_bytes_ = 0;  // with those that are being written
    sdk::Wakeup more_;
    std::vector<sdk::Timer*> blocked_;  // in the frames of `wait_for_room`
    sdk::Timer flush_limit_;
    bool waiting_allowed_ = true;
    bool finishing_ = false;
    bool broken_ = false;
    bool severed_ = false;
};

}  // namespace shadowcat::transport_stdio
