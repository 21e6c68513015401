// SPDX-License-Identifier: Apache-2.0
// HttpListener: the listener `http`: Streamable HTTP for MCP clients.
#pragma once

#include "shadowcat/sdk/listener.hpp"

#include "listener_state.hpp"
#include "tcp_acceptor.hpp"

#include <memory>
#include <string>

namespace shadowcat::http {

/// Accepts on worker 0 and deals the connections out to all workers in turn.
class HttpListener final : public Listener {
public:
    /// As `Listener::Factory`.
    static std::unique_ptr<Listener> make(const Json& config, ListenerHost& host);

    HttpListener(ConnectionGroup::Options options, ListenerHost& host);

    awaitable<Result<void>> start() override;

    /// New connections, and the next request of old ones, go by the new configuration; a connection
    /// keeps the TLS session it has. What is listened on can't change: `bind_address`, `path`,
    /// `sse`, `tls.enabled`.
    Result<void> reload(const Json& config) override;

    std::string address() const override;
    void stop_accepting() noexcept override;
    awaitable<> stop() override;

private:
    awaitable<> accept();
    void admit(Descriptor client);
    awaitable<> stop_groups();
    const HttpListenerOptions& options() const { return *state_->groups.front()->options(); }
    void use(const ConnectionGroup::Options& options);
    void report();

    std::shared_ptr<ListenerState> state_;  // shared with connections, see there
    TcpAcceptor acceptor_;
    std::size_t next_group_ = 0;
    Gauge* certificate_expiry_ = nullptr;  // from `start` on, if there is TLS
};

}  // namespace shadowcat::http
