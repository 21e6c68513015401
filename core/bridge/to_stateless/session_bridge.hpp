// SPDX-License-Identifier: Apache-2.0
// SessionBridge: a server with sessions to its caller, played with the help of a stateless one.
#pragma once

#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/bridge/bridge_settings.hpp"
#include "core/bridge/to_stateless/client_profile.hpp"
#include "core/bridge/to_stateless/listen_keeper.hpp"
#include "core/bridge/to_stateless/session_call.hpp"
#include "core/upstream/upstream_era.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::core {

/// All that a session has with its server, except for how the link came about (duties C.3). Its
/// caller has greeted the server with the client's `initialize`. Shared with the calls under way.
class SessionBridge : public std::enable_shared_from_this<SessionBridge> {
public:
    SessionBridge(sdk::Worker& worker, std::shared_ptr<sdk::Link> server, sdk::LinkEvents& events,
                  const sdk::LinkOptions& options, const BridgeSettings& settings,
                  UpstreamEra& era);

    /// The client has introduced itself, and the server answered `discovered`, a `DiscoverResult`.
    /// Gives the answer to the client.
    sdk::Message greet(const sdk::Message& initialize, std::string_view discovered);

    /// As `Link::call`, for anything but `initialize`.
    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation);

    /// As `Link::send`; never fails: nothing that a session's client tells is for the server.
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message);

    /// The link has ended, or will now: calls that wait for the client fail with `error`.
    void end(const sdk::Error& error);

    // For its calls.
    sdk::Worker& worker() noexcept { return worker_; }
    sdk::Link& server() noexcept { return *server_; }
    const ClientProfile& client() const noexcept { return client_; }
    const BridgeSettings& settings() const noexcept { return settings_; }
    std::size_t max_depth() const noexcept { return max_depth_; }
    std::string new_id();
    void enter(SessionCall& call) { calls_.push_back(&call); }
    void leave(SessionCall& call) { std::erase(calls_, &call); }

    /// A response may show that the server is no longer what it was.
    void look_at(const sdk::Message& response);

private:
    bool offers(std::string_view capability, std::string_view part = {}) const;
    sdk::awaitable<sdk::Result<void>> ping(const sdk::Message& request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation);
    sdk::awaitable<sdk::Result<void>> subscribe(const sdk::Message& request,
                                                sdk::ReplyStream& replies,
                                                sdk::Cancellation& cancellation);
    sdk::Message set_level(const sdk::Message& request);

    sdk::Worker& worker_;
    std::shared_ptr<sdk::Link> server_;  // shared with the listens under way
    const BridgeSettings settings_;
    UpstreamEra& era_;
    const std::size_t max_depth_;
    const std::string label_;
    ClientProfile client_;
    std::string capabilities_;  // of the server; empty before the greeting
    std::shared_ptr<ListenKeeper> listens_;
    std::vector<SessionCall*> calls_;
    std::uint64_t last_id_ = 0;
};

}  // namespace shadowcat::core
