// SPDX-License-Identifier: Apache-2.0
// Service and ClientSession: the core as a listener sees it.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// What belongs to one client over time. Lives on one worker; every member is called there. Held by
/// `shared_ptr`: the table and every exchange in flight keep it alive, also after it ended.
class SHADOWCAT_API ClientSession {
public:
    virtual ~ClientSession() = default;

    /// The session id (visible ASCII, at least 128 random bits unless adopted). A secret: never log
    /// it.
    virtual const std::string& id() const noexcept = 0;

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

    /// Writes what the server says by itself to `stream`, until the session ends or a write fails.
    /// One at a time: fails with `invalid_request` when another stream is open.
    virtual awaitable<Result<void>> listen(ReplyStream& stream) = 0;

    /// True while a `listen` runs.
    virtual bool listening() const noexcept = 0;

    /// Ends `listen`, if any: its receiver has gone.
    virtual void stop_listening() = 0;

    /// Ends the session: calls in flight fail, the upstream's part is closed and released.
    /// Completes when nothing is left of it. Idempotent.
    virtual awaitable<> end() = 0;
};

/// Opens and finds sessions on one worker. Implemented by the core, one per worker.
class SHADOWCAT_API Service {
public:
    virtual ~Service() = default;

    /// Opens a session with a fresh id. Fails with `session_limit`, or with `unavailable` while
    /// draining.
    virtual Result<std::shared_ptr<ClientSession>> open() = 0;

    /// Finds a live session by its id. An id that this proxy did not mint is adopted where the
    /// configuration says so (`session.unknown_id: adopt`). Fails with `unknown_session` or as
    /// `open`.
    virtual Result<std::shared_ptr<ClientSession>> find(std::string_view id) = 0;

    /// True when `revision` may be named by a client (`MCP-Protocol-Version`).
    virtual bool accepts_revision(std::string_view revision) const noexcept = 0;
};

}  // namespace shadowcat::sdk::inline v1
