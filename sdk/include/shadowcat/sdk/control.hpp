// SPDX-License-Identifier: Apache-2.0
// ControlHost: commands that another terminal gives a running proxy, over its control socket.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/result.hpp"

#include <functional>
#include <memory>
#include <string>

namespace shadowcat::sdk::inline v1 {

/// The other end of one command: `shadowcat intercept`, `shadowcat watch`. Its members are called
/// on the worker that the handler was called on.
class SHADOWCAT_API ControlPeer {
public:
    virtual ~ControlPeer() = default;

    /// Sends one line (one JSON value); completes when the peer may be sent the next. Fails with
    /// `closed` when it has gone. A peer that doesn't read is given up after a bounded time.
    virtual awaitable<Result<void>> send(Json line) = 0;

    /// True once the peer has gone, even if nothing is being sent.
    virtual bool gone() const noexcept = 0;

    /// Runs once when the peer goes; at once if it has. Give an empty one before whatever it refers
    /// to goes away.
    virtual void on_gone(std::function<void()> callback) = 0;
};

/// Takes commands from the control socket: a Unix socket that only the proxy's own user can open.
/// One connection carries one command, a line of JSON (`{"verb": "intercept.list", …}`), and the
/// lines that answer it; the connection closes after the last. Thread-safe; outlives the plugins'
/// parts.
class SHADOWCAT_API ControlHost {
public:
    virtual ~ControlHost() = default;

    /// Performs one command: writes its answer to `peer` and completes. Called on worker 0; calls
    /// may overlap. `request` is the whole object. A `Result` error becomes the line
    /// `{"error": "…"}`.
    using Handler = std::function<awaitable<Result<void>>(Json request, ControlPeer& peer)>;

    /// Serves `verb` for as long as the returned registration lives. Of two for the same verb the
    /// later is served, until it goes. Commands that are being performed hold what the handler
    /// captured: capture `shared_ptr`s.
    [[nodiscard]] virtual std::shared_ptr<void> serve(std::string verb, Handler handler) = 0;
};

}  // namespace shadowcat::sdk::inline v1
