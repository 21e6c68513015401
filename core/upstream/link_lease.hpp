// SPDX-License-Identifier: Apache-2.0
// LinkLease: an open link and the place it takes among its upstream's links.
#pragma once

#include "shadowcat/sdk/link.hpp"

#include "core/upstream/upstream_state.hpp"

#include <memory>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Shared by the session that leased the link and every call in flight on it, so that the link
/// outlives its calls. Gives its place back when the last of them has gone, on every path.
class LinkLease {
public:
    /// `place`: in the upstream's `links`; without one the link is beyond its capacity (a probe).
    LinkLease(std::shared_ptr<UpstreamState> state, sdk::QuotaHold place)
        : state_(std::move(state)), place_(std::move(place)) {}
    LinkLease(const LinkLease&) = delete;
    LinkLease& operator=(const LinkLease&) = delete;

    void hold(std::unique_ptr<sdk::Link> link) { link_ = std::move(link); }

    sdk::Link& link() noexcept { return *link_; }
    bool alive() const noexcept { return link_ && link_->alive(); }

    /// True once the link has served its time (age, requests, memory): whoever holds it closes it as
    /// soon as no call is in flight, and leases another.
    bool retiring() const noexcept { return false; }

    UpstreamState& upstream() noexcept { return *state_; }

private:
    std::shared_ptr<UpstreamState> state_;  // shared by workers and whatever is left of the upstream
    sdk::QuotaHold place_;
    std::unique_ptr<sdk::Link> link_;
};

}  // namespace shadowcat::core
