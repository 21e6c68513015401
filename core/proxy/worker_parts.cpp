// SPDX-License-Identifier: Apache-2.0
// Making a worker's parts from the configuration.
#include "core/proxy/worker_parts.hpp"

#include "core/proxy/make_part.hpp"
#include "core/upstream/shared_link.hpp"

namespace shadowcat::core {

namespace {

sdk::LinkOptions link_options(const SessionSettings& settings) {
    sdk::LinkOptions options;
    options.ids = settings.transparent ? sdk::IdPolicy::preserve : sdk::IdPolicy::rewrite;
    options.message = settings.message;
    options.max_in_flight = settings.max_in_flight;
    return options;
}

}  // namespace

WorkerParts::WorkerParts(sdk::Worker& worker, const PluginRegistry& registry, Shared& shared)
    : worker_(worker),
      metrics_(shared.metrics),
      group_(make_part<sdk::PoolStrategy>(registry, shared.config.strategy)),
      context_(worker, shared.config.session, group_, interceptors_, metrics_),
      table_(context_, shared.sessions) {
    for (const PartConfig& part : shared.config.interceptors) {
        interceptors_.add(make_part<sdk::Interceptor>(registry, part, worker));
    }
    for (std::size_t i = 0; i < shared.config.upstreams.size(); ++i) {
        add_upstream(shared.config.upstreams[i], shared.upstreams[i], registry, shared);
    }
}

void WorkerParts::add_upstream(const UpstreamConfig& config, std::shared_ptr<UpstreamState> state,
                               const PluginRegistry& registry, Shared& shared) {
    const sdk::ConnectorContext context(worker_, config.name, shared.metrics);
    auto connector = make_part<sdk::Connector>(registry, config.connector, context);
    group_.add(std::make_shared<Upstream>(worker_, std::move(state), config.settings,
                                          std::move(connector), link_options(shared.config.session),
                                          shared.metrics));
}

sdk::awaitable<> WorkerParts::stop() {
    co_await table_.end_all();
    for (const auto& upstream : group_.members())
        co_await upstream->stop();
}

}  // namespace shadowcat::core
