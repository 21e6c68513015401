// SPDX-License-Identifier: Apache-2.0
// ControlServer: the control socket of a running proxy.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/control/control_connection.hpp"
#include "core/control/control_socket.hpp"
#include "core/control/control_verbs.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Whether a process of `peer` may give commands to one of `own`: its user, and root.
bool may_command(unsigned peer, unsigned own) noexcept;

/// On worker 0: accepts, checks who it is, reads a line, has the verb's handler answer, closes.
class ControlServer {
public:
    /// Opens nothing yet. `verbs` outlives the server.
    ControlServer(sdk::Worker& worker, const ControlVerbs& verbs, const ControlLimits& limits);

    /// Listens at `path`; empty: at `own_control_path()`. Fails with `config`.
    sdk::Result<void> start(const std::string& path);

    /// Where it listens; empty when it doesn't.
    std::string path() const { return socket_ ? socket_->path() : std::string(); }

    /// Removes the socket, tells everybody who performs a command that its peer has gone, and
    /// completes when they have ended. Idempotent.
    sdk::awaitable<> stop();

private:
    using Connections = std::vector<std::weak_ptr<ControlConnection>>;
    using Acceptor = sdk::asio::basic_socket_acceptor<ControlConnection::Protocol, sdk::Executor>;

    sdk::awaitable<> accept();
    sdk::awaitable<> wait(int error);
    void admit(int descriptor);
    sdk::awaitable<> serve(std::shared_ptr<ControlConnection> peer);
    sdk::awaitable<sdk::Result<void>> answer(ControlConnection& peer);
    sdk::awaitable<sdk::Result<void>> perform(const std::string& line, ControlConnection& peer);

    sdk::Worker& worker_;
    const ControlVerbs& verbs_;
    const ControlLimits limits_;
    std::optional<ControlSocket> socket_;
    Acceptor acceptor_;
    sdk::Timer pause_;
    Connections connections_;
    sdk::Gate gate_;  // the acceptor and all connections
};

}  // namespace shadowcat::core
