// SPDX-License-Identifier: Apache-2.0
// UpstreamGroup: the upstreams that can stand in for each other, and the strategy that picks one.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

#include "core/upstream/upstream.hpp"

#include <memory>
#include <string>
#include <vector>

namespace shadowcat::core {

/// One per worker.
class UpstreamGroup {
public:
    // shared: a member that a reload takes out lives on, elsewhere, while sessions are bound to it
    using Members = std::vector<std::shared_ptr<Upstream>>;

    explicit UpstreamGroup(std::unique_ptr<sdk::PoolStrategy> strategy)
        : strategy_(std::move(strategy)) {}

    void add(std::shared_ptr<Upstream> upstream);

    /// Other members from now on, in configuration order. Whoever owns those taken out keeps them
    /// until `bound()` is 0 and nothing of `state().links` is used, then stops them.
    void replace(Members members);

    void set_strategy(std::unique_ptr<sdk::PoolStrategy> strategy) {
        strategy_ = std::move(strategy);
    }

    /// The upstream for a session: one that accepts and has room, chosen by the strategy; if none
    /// has room, one whose line the session may join. `avoid` (may be null) just failed and is
    /// picked only if there is no other. Fails with `unavailable`, saying why none could serve;
    /// those that are watched are then probed soon.
    sdk::Result<Upstream*> pick(const sdk::PickRequest& request, const Upstream* avoid = nullptr);

    /// Copy them before waiting for anything: they may be replaced meanwhile.
    const Members& members() const noexcept { return members_; }

private:
    void introduce_members();
    void gather(Room room, const Upstream* avoid);
    void offer(Upstream& member);
    sdk::Error nobody() const;

    std::unique_ptr<sdk::PoolStrategy> strategy_;
    Members members_;
    std::vector<sdk::Candidate> candidates_;  // kept between picks for their memory
    std::vector<Upstream*> eligible_;
};

}  // namespace shadowcat::core
