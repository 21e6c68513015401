// SPDX-License-Identifier: Apache-2.0
// Link: one open MCP connection to a server, whatever carries it.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// How a link treats request ids and progress tokens.
enum class IdPolicy : std::uint8_t {
    rewrite,  ///< Mint own ones, restore the client's on the way back. Needed where clients share a
              ///< link.
    preserve  ///< Keep the client's bytes (transparent forward mode); rewrite only on a collision.
};

/// What a link is opened for and how much it may hold.
class LinkOptions {
public:
    LinkOptions() = default;

    IdPolicy ids = IdPolicy::rewrite;

    /// True when one client session has the link to itself: what the server says by itself may then
    /// be attributed to that session's calls, and a slow client may slow the whole link.
    bool exclusive = true;

    /// Both sides are streams of lines that nobody may change: what the server says that is no
    /// message goes to `LinkEvents::on_message` too, as `Message::opaque`, instead of into the log.
    bool passes_text = false;

    ParseLimits message;                    ///< Bounds of one received message.
    std::size_t max_in_flight = 1024;       ///< Calls at a time; more fail with `unavailable`.
    std::size_t max_queued_messages = 256;  ///< Undelivered messages per call on a shared link.
};

/// What a link tells its owner beside the answers to calls. Implemented by the core. Called on the
/// link's worker; outlives the link.
class SHADOWCAT_API LinkEvents {
public:
    virtual ~LinkEvents() = default;

    /// A notification or request of the server that belongs to no call, in arrival order. The link
    /// reads on when this completes.
    virtual awaitable<> on_message(Message message) = 0;

    /// The connection has ended by itself (not through `Link::close`): once, after every pending
    /// call got `error`.
    virtual void on_closed(const Error& error) = 0;
};

/// One MCP connection: a child process, an HTTP session, a tape. Created by a `Connector`, used and
/// destroyed on one worker. Destroying it without `close` lets the connection end by itself in the
/// background, as `close` would, counted in the worker's gate; what it was made with must live as
/// long.
class SHADOWCAT_API Link {
public:
    virtual ~Link() = default;

    /// Sends `request` and writes all that answers it to `replies`, the response last; then
    /// completes. Every message that arrived before the response is written before it. Calls may
    /// overlap.
    ///
    /// Fails, with nothing more written, when there will be no response: `cancelled` or `timed_out`
    /// (the reason given to `cancellation`; the upstream is told in the transport's own form),
    /// `crashed`, `closed`, `unreachable`, `protocol`, `unknown_session`, `unavailable`.
    /// `Error::nothing_sent` says whether repeating is harmless. When `replies` fails the call goes
    /// on to its end and discards.
    ///
    /// `request` is taken by value; `replies` and `cancellation` must outlive the call.
    virtual awaitable<Result<void>> call(Message request, ReplyStream& replies,
                                         Cancellation& cancellation) = 0;

    /// Sends a notification, or the client's response to a request of the server. Completes when
    /// the transport has taken it (bounded buffering), fails like `call`.
    virtual awaitable<Result<void>> send(Message message) = 0;

    /// The client says no more, and its end of input is to be seen by the server, where that is a
    /// process of ours: once all that was sent is written, stdin is closed; what the server still
    /// says is delivered, and the connection ends when the server does, or is made to, as `close`
    /// would. True when that is under way.
    virtual bool end_input() { return false; }

    /// Ends the connection in the transport's own polite way (stdin EOF and the signal ladder, HTTP
    /// DELETE), bounded in time by the connector's configuration, and releases everything:
    /// afterwards no process, socket or descriptor is left. Pending calls fail with `closed`.
    /// Idempotent.
    virtual awaitable<> close() = 0;

    /// False once the connection has ended; calls then fail at once.
    virtual bool alive() const noexcept = 0;

    /// Says whether there is somebody to give the server's own messages to: the client has opened
    /// (or closed) its stream. A transport that has to ask for such messages (HTTP's GET stream)
    /// asks only while they are wanted; others ignore it. Doesn't wait; may be repeated.
    virtual void set_listening(bool) {}

    /// The session that has this link to itself from now on (`MessageContext::session`): transport
    /// events of the link carry its label. Not called for shared links.
    virtual void set_session([[maybe_unused]] std::string_view label) {}

    /// Fault injection: ends the server or the connection at once, as a crash would; the link then
    /// behaves as after one. Doesn't wait.
    virtual void kill() noexcept {}

    /// Passes a signal of the operating system on to the server, where that is a process of ours:
    /// to all of its group. Doesn't wait.
    virtual void signal([[maybe_unused]] int number) noexcept {}

    /// How the server's process ended by itself, as a shell says it: its exit code, or 128 and the
    /// signal's number. None while it runs, when it had to be forced, and where there is no
    /// process.
    virtual std::optional<int> exit_code() const noexcept { return std::nullopt; }

    /// Resident memory of the server behind the link, of its whole process group, in bytes. 0 where
    /// that can't be known (a server elsewhere). Reads the system's tables: not for the data path.
    virtual std::size_t resident_bytes() const { return 0; }

    /// Who is at the other end, for logs: `pid=4711`, `session=…` shortened. No secrets.
    virtual std::string peer() const = 0;
};

}  // namespace shadowcat::sdk::inline v1
