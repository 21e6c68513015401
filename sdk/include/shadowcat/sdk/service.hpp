// SPDX-License-Identifier: Apache-2.0
// Service and ClientSession: the core as a listener sees it.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/mirrored_headers.hpp"
#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/result.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// Who a client is, as far as its transport knows. Views are valid during the call.
class ClientInfo {
public:
    ClientInfo() = default;
    ClientInfo(std::string_view who, std::string_view from) : principal(who), peer(from) {}

    std::string_view principal;  ///< Proven identity (subject of a client certificate); or empty.
    std::string_view peer;       ///< Network address, for logs; or empty.
};

/// What belongs to one client over time. Lives on one worker; every member is called there. Held by
/// `shared_ptr`: the table and every exchange in flight keep it alive, also after it ended.
class SHADOWCAT_API ClientSession {
public:
    virtual ~ClientSession() = default;

    /// The session id (visible ASCII, at least 128 random bits unless adopted). A secret: never log
    /// it.
    virtual const std::string& id() const noexcept = 0;

    /// The session's label for logs and transport events; safe to show, unlike the id.
    virtual std::string_view label() const noexcept { return {}; }

    /// The negotiated protocol revision; empty before `initialize` was answered.
    virtual std::string_view revision() const noexcept = 0;

    /// Performs `request` and writes everything that answers it to `replies`: exactly one response
    /// (from the server, or an error of ours through `fail`), unless the client cancelled the
    /// request, in which case nothing more is written. Completes afterwards, always, bounded by the
    /// request timeout. A lost receiver is not a cancellation: the call goes on and is discarded.
    virtual awaitable<> request(Message request, ReplyStream& replies) = 0;

    /// Takes a notification, or the client's response to a request of the server. Fails when it
    /// can't be passed on. Unknown or repeated responses are dropped, counted and succeed.
    virtual awaitable<Result<void>> notify(Message message) = 0;

    /// Without `last_event_id`: writes what the server says by itself to `stream`, until the
    /// session ends or a write fails. One at a time: fails with `invalid_request` when another is
    /// open.
    ///
    /// With it: writes what followed that event on *its* stream and goes on with that stream, to
    /// its end if it answers a request. Fails with `invalid_request` for an id that this session
    /// never gave out, with `closed` when that stream has ended and nothing came after the event.
    /// What the replay buffer no longer holds is skipped (and counted). MCP 2025-11-25,
    /// basic/transports, Resumability.
    virtual awaitable<Result<void>> listen(ReplyStream& stream, std::string_view last_event_id) = 0;

    /// Whether `listen` with this `last_event_id` can begin now; the error says why not. So that a
    /// transport can choose its status before it begins to stream.
    virtual Result<void> can_listen(std::string_view last_event_id) const = 0;

    /// Ends the `listen` that writes to `stream`, if there is one: its receiver has gone.
    virtual void stop_listening(const ReplyStream& stream) = 0;

    /// The client says no more. Where its server is a process that shall see that (and
    /// `passes_text`), the server's stdin ends; completes when the server has ended, and all that
    /// it said by then was written. Elsewhere at once. `end` may be called meanwhile.
    virtual awaitable<> finish() { co_return; }

    /// Ends the session: calls in flight fail, the upstream's part is closed and released.
    /// Completes when nothing is left of it. Idempotent.
    virtual awaitable<> end() = 0;
};

/// Opens and finds sessions on one worker. Implemented by the core, one per worker.
class SHADOWCAT_API Service {
public:
    virtual ~Service() = default;

    /// Opens a session with a fresh id, for `client` alone. Fails with `session_limit`, or with
    /// `unavailable` while draining or out of memory.
    virtual Result<std::shared_ptr<ClientSession>> open(const ClientInfo& client) = 0;

    /// Finds a live session by its id. An id that this proxy did not mint is adopted where the
    /// configuration says so (`session.unknown_id: adopt`). Fails with `unknown_session` (also when
    /// the session is another principal's) or as `open`.
    virtual Result<std::shared_ptr<ClientSession>> find(std::string_view id,
                                                        const ClientInfo& client) = 0;

    /// True when `revision` may be named by a client (`MCP-Protocol-Version`).
    virtual bool accepts_revision(std::string_view revision) const noexcept = 0;

    /// The revisions without sessions that are served here, newest first: 2026-07-28. Empty where
    /// none is, also because the proxy passes everything on as it comes.
    virtual std::span<const std::string_view> stateless_revisions() const noexcept { return {}; }

    /// Whether lines that are no messages are passed on too, as `Message::opaque` to
    /// `ClientSession::notify`. It fails with `unsupported` where the server takes no lines.
    virtual bool passes_text() const noexcept { return false; }

    /// Opens a conversation of the stateless era for `client`: a session without an id, that
    /// nobody finds and nothing is kept of. Only its `request`, `notify` (of
    /// `notifications/cancelled`) and `end` are used. Request ids need only differ within it, so a
    /// transport opens one for each HTTP request and one for each stdio client. In this era a lost
    /// client *is* a cancellation: the transport then notifies `notifications/cancelled`, or ends
    /// the conversation. Fails with `unavailable`, or with `unsupported` where
    /// `stateless_revisions` is empty.
    virtual Result<std::shared_ptr<ClientSession>> open_stateless(const ClientInfo&) {
        return Error(ErrorCode::unsupported, "revisions without sessions are not served here");
    }

    /// Compares the `Mcp-Param-*` headers of a `tools/call` with its arguments, by the tool's input
    /// schema as far as that is known here. Says what disagrees; empty when nothing does. MCP
    /// 2026-07-28, basic/transports/streamable-http, Server Validation.
    virtual std::optional<std::string> mirror_mismatch(const Message&,
                                                       std::span<const MirroredHeader>) const {
        return std::nullopt;
    }
};

}  // namespace shadowcat::sdk::inline v1
