// SPDX-License-Identifier: Apache-2.0
// Upstream: one configured server, as one worker reaches it.
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "core/upstream/link_lease.hpp"

#include <memory>
#include <string>

namespace shadowcat::core {

class SharedLink;

/// How sessions share the upstream's links.
enum class Isolation { per_session, shared };

/// Opens links within the upstream's capacity. One per upstream and worker.
class Upstream {
public:
    Upstream(sdk::Worker& worker, UpstreamState& state, Isolation isolation,
             std::unique_ptr<sdk::Connector> connector, const sdk::LinkOptions& options);
    ~Upstream();

    /// Opens a link whose events go to `events`. Fails with `unavailable` when all places are
    /// taken.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease(sdk::LinkEvents& events);

    /// As `lease`, for a health probe: beyond the capacity, so that a full upstream isn't taken for
    /// a sick one and a probe takes no session's place.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease_probe(sdk::LinkEvents& events);

    /// The link that sessions of this worker share; only with `Isolation::shared`.
    SharedLink& shared() noexcept { return *shared_; }

    bool is_shared() const noexcept { return shared_ != nullptr; }

    UpstreamState& state() noexcept { return state_; }
    const std::string& name() const noexcept { return state_.name; }
    std::string target() const { return connector_->target(); }

    /// Closes what sessions shared and the connector.
    sdk::awaitable<> stop();

private:
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> open(std::shared_ptr<LinkLease> lease,
                                                                 sdk::LinkEvents& events);

    UpstreamState& state_;
    std::unique_ptr<sdk::Connector> connector_;
    sdk::LinkOptions options_;
    std::unique_ptr<SharedLink> shared_;
};

}  // namespace shadowcat::core
