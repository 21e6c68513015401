// SPDX-License-Identifier: Apache-2.0
// ControlConnection: one connection of the control socket, from the server's side.
#pragma once

#include "shadowcat/sdk/control.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// What a peer may take of our time and memory.
class ControlLimits {
public:
    ControlLimits() = default;

    std::size_t max_line = std::size_t{1} << 20;  ///< bytes of a command
    std::size_t max_connections = 64;
    sdk::Duration read_timeout = std::chrono::seconds(10);   ///< until the whole command is here
    sdk::Duration write_timeout = std::chrono::seconds(30);  ///< without the peer taking anything
};

/// On one worker. Shared by the coroutine that serves it, the one that watches it, and its timer.
class ControlConnection final : public sdk::ControlPeer,
                                public std::enable_shared_from_this<ControlConnection> {
public:
    using Protocol = sdk::asio::local::stream_protocol;

    /// Takes over a connected descriptor.
    ControlConnection(sdk::Worker& worker, int descriptor, const ControlLimits& limits);

    /// The command. Fails with `closed` when the peer left without one, `too_large`, or
    /// `timed_out`.
    sdk::awaitable<sdk::Result<std::string>> read_line();

    /// From now on notices when the peer goes. That it says no more is no sign of that.
    void watch();

    /// Calls don't overlap.
    sdk::awaitable<sdk::Result<void>> send(sdk::Json line) override;
    bool gone() const noexcept override { return gone_; }
    void on_gone(std::function<void()> callback) override;

    /// Closes; whoever serves it is told that the peer has gone.
    void lose() noexcept;

    /// All is said.
    void close() noexcept;

private:
    using Socket = sdk::asio::basic_stream_socket<Protocol, sdk::Executor>;

    static sdk::awaitable<> notice_end(std::shared_ptr<ControlConnection> self);
    void arm(sdk::Duration limit);
    void disarm() { timer_.expires_at(sdk::TimePoint::max()); }

    sdk::Worker& worker_;
    const ControlLimits limits_;
    Socket socket_;
    sdk::Timer timer_;
    bool gone_ = false;
    bool sending_ = false;
    std::function<void()> on_gone_;
};

}  // namespace shadowcat::core
