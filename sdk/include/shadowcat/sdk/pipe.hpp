// SPDX-License-Identifier: Apache-2.0
// Pipe: the simple way to write a transport: an ordered duplex stream of whole messages.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// Three functions make a transport; `make_link` lifts them into a full `Link`. Used and destroyed
/// on one worker. The destructor releases everything at once and by force.
class SHADOWCAT_API Pipe {
public:
    virtual ~Pipe() = default;

    /// Sends whole messages, in order; several when they gathered while the last `send` was
    /// pending, so that one system call can take them. Calls never overlap. Line-framed transports
    /// call `Message::make_single_line` first. Fails with `closed` once the peer is gone. A pending
    /// `send` completes after `close`.
    virtual awaitable<Result<void>> send(std::span<Message> messages) = 0;

    /// Waits for the next whole message. Runs beside `send`, never beside itself. Input that is not
    /// a message is the pipe's to log, count and skip. Fails, for good, with `closed` at the end of
    /// the stream or `crashed` when the peer ended by itself; a pending `receive` completes after
    /// `close`.
    virtual awaitable<Result<Message>> receive() = 0;

    /// Ends the stream politely, bounded in time, and releases everything. Idempotent; may be
    /// called while `send` and `receive` are pending.
    virtual awaitable<> close() = 0;

    /// As `Link::end_input`, once nothing is left to `send`.
    virtual bool has_end_of_input() const noexcept { return false; }
    virtual void end_input() {}

    /// As `Link::set_session`, `Link::kill`, `Link::signal` and `Link::exit_code`.
    virtual void set_session([[maybe_unused]] std::string_view label) {}
    virtual void kill() noexcept {}
    virtual void signal([[maybe_unused]] int number) noexcept {}
    virtual std::optional<int> exit_code() const noexcept { return std::nullopt; }

    /// As `Link::resident_bytes`.
    virtual std::size_t resident_bytes() const { return 0; }

    /// Who is at the other end, for logs.
    virtual std::string peer() const = 0;
};

}  // namespace shadowcat::sdk::inline v1
