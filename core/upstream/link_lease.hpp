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
    /// `counted`: takes over a place that was reserved in `state`; otherwise the link is beyond the
    /// upstream's capacity.
    LinkLease(UpstreamState& state, bool counted) : state_(state), counted_(counted) {}
    ~LinkLease() {
        if (counted_) state_.release();
    }
    LinkLease(const LinkLease&) = delete;
    LinkLease& operator=(const LinkLease&) = delete;

    void hold(std::unique_ptr<sdk::Link> link) { link_ = std::move(link); }

    sdk::Link& link() noexcept { return *link_; }
    bool alive() const noexcept { return link_ && link_->alive(); }
    UpstreamState& upstream() noexcept { return state_; }

private:
    UpstreamState& state_;
    const bool counted_;
    std::unique_ptr<sdk::Link> link_;
};

}  // namespace shadowcat::core
