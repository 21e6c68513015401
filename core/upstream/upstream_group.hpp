// SPDX-License-Identifier: Apache-2.0
// UpstreamGroup: the upstreams that can stand in for each other, and the strategy that picks one.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

#include "core/upstream/upstream.hpp"

#include <memory>
#include <vector>

namespace shadowcat::core {

/// One per worker.
class UpstreamGroup {
public:
    explicit UpstreamGroup(std::unique_ptr<sdk::PoolStrategy> strategy)
        : strategy_(std::move(strategy)) {}

    void add(std::shared_ptr<Upstream> upstream) { members_.push_back(std::move(upstream)); }

    /// Other members from now on; sessions stay with those they are bound to.
    void replace(std::vector<std::shared_ptr<Upstream>> members) { members_ = std::move(members); }
    void set_strategy(std::unique_ptr<sdk::PoolStrategy> strategy) {
        strategy_ = std::move(strategy);
    }

    /// The upstream for a session: one that accepts and has room, chosen by the strategy; if none has
    /// room, one whose line the session may join. `avoid` (may be null) just failed and is picked
    /// only if there is no other. Fails with `unavailable`, saying why none could serve.
    sdk::Result<Upstream*> pick(const sdk::PickRequest& request, const Upstream* avoid = nullptr);

    const std::vector<std::shared_ptr<Upstream>>& members() const noexcept { return members_; }

private:
    std::unique_ptr<sdk::PoolStrategy> strategy_;
    std::vector<std::shared_ptr<Upstream>> members_;  // shared with what a reload retired
    std::vector<sdk::Candidate> candidates_;  // kept between picks for their memory
    std::vector<Upstream*> eligible_;
};

}  // namespace shadowcat::core
