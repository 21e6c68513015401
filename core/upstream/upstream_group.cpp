// SPDX-License-Identifier: Apache-2.0
// Picking an upstream for a session.
#include "core/upstream/upstream_group.hpp"

#include "core/upstream/shared_link.hpp"

namespace shadowcat::core {

sdk::Result<Upstream*> UpstreamGroup::pick(const sdk::PickRequest& request, const Upstream*) {
    candidates_.clear();
    eligible_.clear();
    std::string why;
    for (const auto& member : members_) {
        UpstreamState& state = member->state();
        const bool room = member->is_shared() || state.links.has_room();
        if (state.healthy && room) {
            candidates_.emplace_back(state.name, state.in_flight.load(), state.sessions.load(),
                                     member->settings().pool.weight);
            eligible_.push_back(member.get());
        } else {
            why += (why.empty() ? "" : ", ") + state.name +
                   (state.healthy ? " is full" : " is unhealthy");
        }
    }
    if (eligible_.empty()) {
        return sdk::upstream_error(sdk::ErrorCode::unavailable, "no upstream can serve: " + why)
            .mark_nothing_sent();
    }
    const std::size_t picked = strategy_->pick(candidates_, request);
    return eligible_.at(picked < eligible_.size() ? picked : 0);
}

}  // namespace shadowcat::core
