// SPDX-License-Identifier: Apache-2.0
// Turns and opening.
#include "core/upstream/link_opener.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/bridge/to_stateless/session_link.hpp"

namespace shadowcat::core {

namespace {

/// For a link that many clients use at a time.
sdk::LinkOptions for_many(sdk::LinkOptions options) {
    options.exclusive = false;
    options.ids = sdk::IdPolicy::rewrite;
    return options;
}

}  // namespace

LinkOpener::LinkOpener(LinkRoster& roster, std::unique_ptr<sdk::Connector> connector,
                       const sdk::LinkOptions& options, const BridgeSettings& bridge)
    : roster_(roster),
      connector_(std::move(connector)),
      options_(options),
      stateless_options_(for_many(options)),
      bridge_(bridge) {}

bool LinkOpener::try_turn(LinkLease& lease) {
    UpstreamState& state = roster_.state();
    if (state.backoff.paused(sdk::Clock::now()) || !state.starts.try_take()) return false;
    lease.keep_start(sdk::QuotaHold(state.starts, 1));
    return true;
}

sdk::awaitable<sdk::Result<void>> LinkOpener::wait_for_turn(LinkLease& lease, UpstreamWait& wait) {
    UpstreamState& state = roster_.state();
    while (!try_turn(lease)) {
        const sdk::TimePoint until = state.backoff.paused_until();
        if (until > wait.deadline()) co_return pausing(until);
        sdk::Result<void> waited = co_await wait.until(until);
        if (waited.has_error()) co_return waited;
        std::string full = std::to_string(state.starts.limit()) + " links of upstream '" +
                           state.name + "' are being opened";
        waited = co_await wait.take(state.starts, 1, std::move(full));
        if (waited.has_error()) co_return waited;
        sdk::QuotaHold turn(state.starts, 1);
        if (state.backoff.paused(sdk::Clock::now())) continue;  // those in front failed meanwhile
        lease.keep_start(std::move(turn));
        break;
    }
    co_return sdk::Result<void>();
}

sdk::Error LinkOpener::pausing(sdk::TimePoint until) const {
    const auto left = std::chrono::ceil<std::chrono::seconds>(until - sdk::Clock::now());
    return sdk::upstream_error(sdk::ErrorCode::unavailable,
                               "upstream '" + roster_.state().name +
                                   "' pauses after failed starts, the next is in " +
                                   std::to_string(left.count()) + " s")
        .mark_nothing_sent();
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> LinkOpener::open(
    std::shared_ptr<LinkLease> lease, sdk::Era era) {
    Opened link = co_await open_for(lease->events(), era);
    if (link.has_error()) {
        lease->release_start();
        co_return refused(link.error());
    }
    lease->hold(*std::move(link));
    co_return lease;
}

sdk::awaitable<LinkOpener::Opened> LinkOpener::open_for(sdk::LinkEvents& events, sdk::Era era) {
    if (era == sdk::Era::session && bridge_.enabled) {
        return open_session_link(roster_.worker(), *connector_, events, options_,
                                 roster_.state().era, bridge_);
    }
    return connector_->open(events, era == sdk::Era::session ? options_ : stateless_options_);
}

sdk::Error LinkOpener::refused(const sdk::Error& error) {
    const std::string who = "upstream '" + roster_.state().name + "'";
    sdk::Error named = error.message().starts_with(who) ? error : error.within(who);
    sdk::log::warn("upstream not reached", {{"upstream", roster_.state().name}, {"error", named}});
    if (error.code() != sdk::ErrorCode::unavailable) roster_.start_failed(named);
    return named.mark_nothing_sent();
}

}  // namespace shadowcat::core
