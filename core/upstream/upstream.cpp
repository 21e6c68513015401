// SPDX-License-Identifier: Apache-2.0
// Opening links within the upstream's capacity.
#include "core/upstream/upstream.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/upstream/shared_link.hpp"

namespace shadowcat::core {

Upstream::Upstream(sdk::Worker& worker, std::shared_ptr<UpstreamState> state,
                   const UpstreamSettings& settings, std::unique_ptr<sdk::Connector> connector,
                   const sdk::LinkOptions& options)
    : state_(std::move(state)),
      settings_(settings),
      connector_(std::move(connector)),
      options_(options) {
    options_.exclusive = settings.isolation == Isolation::per_session;
    if (settings.isolation == Isolation::shared) {
        shared_ = std::make_unique<SharedLink>(worker, *this);
    }
}

Upstream::~Upstream() = default;

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Upstream::lease(sdk::LinkEvents& events,
                                                                        sdk::Cancellation*) {
    if (!state_->links.try_take()) {
        co_return sdk::upstream_error(sdk::ErrorCode::unavailable,
                                      "upstream '" + name() + "' has all " +
                                          std::to_string(state_->links.limit()) + " links in use")
            .mark_nothing_sent();
    }
    auto lease = std::make_shared<LinkLease>(state_, sdk::QuotaHold(state_->links, 1));
    co_return co_await open(std::move(lease), events);
}

sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> Upstream::lease_probe(
    sdk::LinkEvents& events) {
    return open(std::make_shared<LinkLease>(state_, sdk::QuotaHold()), events);
}

sdk::awaitable<sdk::Result<CallPermit>> Upstream::admit(std::size_t, sdk::Cancellation*) {
    co_return CallPermit(state_, sdk::QuotaHold(), sdk::QuotaHold());
}

void Upstream::report(CallVerdict) {}

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
