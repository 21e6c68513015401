// SPDX-License-Identifier: Apache-2.0
// Picking an upstream for a session.
#include "core/upstream/upstream_group.hpp"

namespace shadowcat::core {

void UpstreamGroup::add(std::shared_ptr<Upstream> upstream) {
    members_.push_back(std::move(upstream));
    introduce_members();
}

void UpstreamGroup::replace(Members members) {
    members_ = std::move(members);
    introduce_members();
}

void UpstreamGroup::introduce_members() {
    Peers states;
    for (const auto& member : members_)
        states.push_back(member->shared_state());
    const auto peers = std::make_shared<const Peers>(std::move(states));
    for (const auto& member : members_)
        member->set_peers(peers);
}

sdk::Result<Upstream*> UpstreamGroup::pick(const sdk::PickRequest& request, const Upstream* avoid) {
    candidates_.clear();
    eligible_.clear();
    gather(Room::now, avoid);
    if (eligible_.empty()) gather(Room::in_line, avoid);
    if (eligible_.empty() && avoid) {
        for (const auto& member : members_) {
            const bool last_resort = member.get() == avoid && member->accepts();
            if (last_resort && member->room() != Room::none) return member.get();
        }
    }
    if (eligible_.empty()) return nobody();
    const std::size_t picked = strategy_->pick(candidates_, request);
    return eligible_.at(picked < eligible_.size() ? picked : 0);
}

/// Those who accept and have that much room.
void UpstreamGroup::gather(Room room, const Upstream* avoid) {
    for (const auto& member : members_) {
        if (member.get() == avoid || !member->accepts() || member->room() != room) continue;
        offer(*member);
    }
}

void UpstreamGroup::offer(Upstream& member) {
    const UpstreamState& state = member.state();
    candidates_.emplace_back(state.name, state.in_flight.load(), state.sessions.load(),
                             member.settings().pool.weight);
    eligible_.push_back(&member);
}

sdk::Error UpstreamGroup::nobody() const {
    std::string why;
    for (const auto& member : members_) {
        why += (why.empty() ? "" : ", ") + member->name() + " " + member->why_not();
        if (!member->accepts()) member->wish_for_probe();
    }
    if (members_.empty()) why = "there are none";
    return sdk::upstream_error(sdk::ErrorCode::unavailable, "no upstream can serve: " + why)
        .mark_nothing_sent();
}

}  // namespace shadowcat::core
