// SPDX-License-Identifier: Apache-2.0
// One listen at a time, made before the old one is broken.
#include "core/bridge/to_stateless/listen_plan.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

using Kind = ListenAction::Kind;

constexpr std::chrono::milliseconds kFirstPause(500), kLongestPause(30'000);

ListenAction tell(std::string method, std::string uri = {}) {
    ListenAction action(Kind::tell, 0, std::move(method));
    action.uri = std::move(uri);
    return action;
}

}  // namespace

ListenPlan::Actions ListenPlan::want_lists(bool tools, bool prompts, bool resources) {
    Actions actions;
    wanted_.add(ChangeFilter(tools, prompts, resources));
    reconsider(actions);
    return actions;
}

ListenPlan::Actions ListenPlan::subscribe(const std::string& uri) {
    Actions actions;
    if (current_ && current_->open && wanted_.uris.contains(uri) &&
        current_->honoured.uris.contains(uri)) {
        settle(uri, {}, actions);
        return actions;
    }
    if (!wanted_.uris.contains(uri) && wanted_.uris.size() >= max_uris_) {
        settle(uri, "too many subscriptions", actions);
        return actions;
    }
    wanted_.uris.insert(uri);
    unsettled_.insert(uri);
    paused_ = false;
    reconsider(actions);
    return actions;
}

ListenPlan::Actions ListenPlan::unsubscribe(const std::string& uri) {
    Actions actions;
    if (wanted_.uris.erase(uri) == 0) return actions;
    lost_.uris.erase(uri);
    if (unsettled_.contains(uri)) settle(uri, "unsubscribed meanwhile", actions);
    reconsider(actions);
    return actions;
}

void ListenPlan::reconsider(Actions& actions) {
    if (opening_ || paused_) return;
    if (current_ && current_->asked == wanted_) return;
    if (wanted_.empty()) return end_current(actions);
    opening_.emplace(++last_, wanted_);
    actions.emplace_back(Kind::open, last_, wanted_.text());
}

void ListenPlan::end_current(Actions& actions) {
    if (current_ && current_->open) actions.emplace_back(Kind::end, current_->number, "");
    current_.reset();
}

void ListenPlan::settle(const std::string& uri, std::string failure, Actions& actions) {
    unsettled_.erase(uri);
    actions.emplace_back(Kind::settle, 0, uri).failure = std::move(failure);
}

ListenPlan::Actions ListenPlan::acknowledged(std::uint64_t number, const ChangeFilter& honoured,
                                             sdk::TimePoint now) {
    Actions actions;
    if (!opening_ || opening_->number != number) return actions;
    opening_->honoured = honoured.common(opening_->asked);
    opening_->open = true;
    opening_->since = now;
    drop_unhonoured(actions);
    end_current(actions);
    current_ = std::move(opening_);
    opening_.reset();
    tell_lost(actions);
    reconsider(actions);
    return actions;
}

/// Settles what the listen being opened asked for.
void ListenPlan::drop_unhonoured(Actions& actions) {
    const ChangeFilter asked = opening_->asked;
    for (const std::string& uri : asked.uris) {
        const bool honoured = opening_->honoured.uris.contains(uri);
        if (!honoured) {
            wanted_.uris.erase(uri);
            opening_->asked.uris.erase(uri);
        }
        if (!unsettled_.contains(uri)) continue;
        settle(uri, honoured ? "" : std::string(kNotHonoured), actions);
    }
}

void ListenPlan::tell_lost(Actions& actions) {
    const ChangeFilter back = lost_.common(current_->honoured);
    lost_ = ChangeFilter();
    if (back.tools) actions.push_back(tell("notifications/tools/list_changed"));
    if (back.prompts) actions.push_back(tell("notifications/prompts/list_changed"));
    if (back.resources) actions.push_back(tell("notifications/resources/list_changed"));
    for (const std::string& uri : back.uris)
        actions.push_back(tell("notifications/resources/updated", uri));
}

ListenPlan::Actions ListenPlan::ended(std::uint64_t number, ListenEnd how, sdk::TimePoint now) {
    Actions actions;
    if (opening_ && opening_->number == number) {
        not_opened(how, actions);
    } else if (current_ && current_->open && current_->number == number) {
        lost(now, actions);
    }
    return actions;
}

/// What the client waits for has failed; what it had before, or never asked for, is tried again.
void ListenPlan::not_opened(ListenEnd how, Actions& actions) {
    const ChangeFilter asked = opening_->asked;
    opening_.reset();
    for (const std::string& uri : asked.uris) {
        if (!unsettled_.contains(uri)) continue;
        wanted_.uris.erase(uri);
        settle(uri, "the server did not take the subscription", actions);
    }
    if (how != ListenEnd::refused) {
        const bool content = current_ ? current_->asked == wanted_ : wanted_.empty();
        if (!content) return back_off(actions);
    } else if (current_) {
        current_->asked = asked.common(wanted_);
    } else {
        current_.emplace(last_, asked.common(wanted_));
    }
    reconsider(actions);
}

void ListenPlan::lost(sdk::TimePoint now, Actions& actions) {
    current_->open = false;
    if (current_->honoured.empty()) return;  // there is nothing more to expect of it
    if (now - current_->since >= kStable) failures_ = 0;
    lost_.add(current_->honoured.common(wanted_));
    current_.reset();
    if (!opening_ && !wanted_.empty()) back_off(actions);
}

void ListenPlan::back_off(Actions& actions) {
    const unsigned doublings = std::min(failures_++, 10U);
    paused_ = true;
    actions.emplace_back(Kind::wait, 0, "").delay =
        std::min(kFirstPause * (1U << doublings), kLongestPause);
}

ListenPlan::Actions ListenPlan::resume() {
    Actions actions;
    paused_ = false;
    reconsider(actions);
    return actions;
}

bool ListenPlan::delivers(std::uint64_t number, std::string_view method,
                          std::string_view uri) const {
    if (!current_ || !current_->open || current_->number != number) return false;
    return current_->honoured.admits(method, uri) && wanted_.admits(method, uri);
}

}  // namespace shadowcat::core
