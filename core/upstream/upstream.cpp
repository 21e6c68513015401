// SPDX-License-Identifier: Apache-2.0
// Opening links within the upstream's capacity.
#include "core/upstream/upstream.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/upstream/shared_link.hpp"

namespace shadowcat::core {

Upstream::Upstream(sdk::Worker& worker, UpstreamState& state, Isolation isolation,
                   std::unique_ptr<sdk::Connector> connector, const sdk::LinkOptions& options)
    : state_(state), connector_(std::move(connector)), options_(options) {
    options_.exclusive = isolation == Isolation::per_session;
    if (isolation == Isolation::shared) shared_ = std::make_unique<SharedLink>(worker, *this);
}

Upstream::~Upstream() = default;

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Upstream::lease(sdk::LinkEvents& events) {
    if (!state_.reserve()) {
        co_return sdk::upstream_error(
            sdk::ErrorCode::unavailable,
            "upstream '" + name() + "' has all " + std::to_string(state_.max) + " links in use")
            .mark_nothing_sent();
    }
    auto lease = std::make_shared<LinkLease>(state_, true);
    co_return co_await open(std::move(lease), events);
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Upstream::lease_probe(
    sdk::LinkEvents& events) {
    return open(std::make_shared<LinkLease>(state_, false), events);
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Upstream::open(
    std::shared_ptr<LinkLease> lease, sdk::LinkEvents& events) {
    sdk::Result<std::unique_ptr<sdk::Link>> link = co_await connector_->open(events, options_);
    if (link.has_error()) {
        const std::string who = "upstream '" + name() + "'";
        const bool named = link.error().message().starts_with(who);
        sdk::Error error = named ? link.error() : link.error().within(who);
        sdk::log::warn("upstream not reached", {{"upstream", name()}, {"error", error}});
        co_return error.mark_nothing_sent();
    }
    lease->hold(*std::move(link));
    co_return lease;
}

sdk::awaitable<> Upstream::stop() {
    if (shared_) co_await shared_->close();
    co_await connector_->stop();
}

}  // namespace shadowcat::core
