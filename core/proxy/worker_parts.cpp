// SPDX-License-Identifier: Apache-2.0
// Making a worker's parts from the configuration, and from the next one.
#include "core/proxy/worker_parts.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/proxy/connector_maker.hpp"
#include "core/proxy/make_part.hpp"
#include "core/upstream/shared_link.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

sdk::LinkOptions link_options(const SessionSettings& settings) {
    sdk::LinkOptions options;
    options.ids = settings.transparent ? sdk::IdPolicy::preserve : sdk::IdPolicy::rewrite;
    options.passes_text = settings.passes_text;
    options.message = settings.message;
    options.max_in_flight = settings.max_in_flight;
    return options;
}

}  // namespace

WorkerParts::WorkerParts(sdk::Worker& worker, const PluginRegistry& registry, Shared& shared)
    : worker_(worker),
      registry_(registry),
      shared_(shared),
      settings_(shared.config.session),
      metrics_(shared.metrics),
      group_(make_part<sdk::PoolStrategy>(registry, shared.config.strategy)),
      context_(worker, settings_, group_, interceptors_, metrics_, &shared.sinks),
      table_(context_, shared.sessions),
      desk_(context_, table_, shared.stateless) {
    context_.cache = &shared.stateless.cache;
    if (settings_.bridge.enabled) table_.serve_stateless(desk_);
    use(make_interceptors(shared.config));
    for (std::size_t i = 0; i < shared.config.upstreams.size(); ++i) {
        group_.add(make_upstream(shared.config.upstreams[i], shared.upstreams[i], settings_));
    }
}

std::shared_ptr<Upstream> WorkerParts::make_upstream(const UpstreamConfig& config,
                                                     std::shared_ptr<UpstreamState> state,
                                                     const SessionSettings& settings) {
    const sdk::ConnectorContext context =
        connector_context(registry_, worker_, config.name, shared_.metrics);
    auto connector = make_part<sdk::Connector>(registry_, config.connector, context);
    return std::make_shared<Upstream>(worker_, std::move(state), config.settings,
                                      std::move(connector), link_options(settings), shared_.metrics,
                                      settings.bridge);
}

WorkerParts::Chain WorkerParts::make_interceptors(const Config& config) {
    Chain chain;
    for (const InterceptorConfig& entry : config.interceptors) {
        const sdk::InterceptorContext context(worker_, shared_.metrics, shared_.control,
                                              *entry.shared);
        chain.push_back(make_part<sdk::Interceptor>(registry_, entry.part, context));
    }
    return chain;
}

void WorkerParts::use(Chain interceptors) {
    interceptors_.replace(std::move(interceptors));
    observe_if_wanted();
    const auto each_tick = [this](sdk::TimePoint) { observe_if_wanted(); };
    observing_ = interceptors_.empty() ? sdk::Worker::Tick() : worker_.every_tick(each_tick);
}

void WorkerParts::observe_if_wanted() {
    worker_.set_observer(interceptors_.wants_transport_events() ? &interceptors_ : nullptr);
}

std::shared_ptr<Upstream> WorkerParts::member(const std::string& name) const {
    const auto& members = group_.members();
    const auto found = std::ranges::find_if(
        members, [&](const auto& upstream) { return upstream->name() == name; });
    return found != members.end() ? *found : nullptr;
}

void WorkerParts::prepare(const Config& next, const ReloadPlan& plan,
                          const std::vector<std::shared_ptr<UpstreamState>>& states) {
    Next made;
    made.upstreams.resize(next.upstreams.size());
    for (std::size_t i = 0; i < next.upstreams.size(); ++i) {
        if (plan.upstreams[i] != UpstreamChange::replace) continue;
        made.upstreams[i] = make_upstream(next.upstreams[i], states[i], next.session);
    }
    if (plan.strategy) made.strategy = make_part<sdk::PoolStrategy>(registry_, next.strategy);
    if (plan.interceptors) made.interceptors = make_interceptors(next);
    next_ = std::move(made);
}

void WorkerParts::commit(const Config& next, const ReloadPlan& plan) {
    Next made = *std::move(next_);
    next_.reset();
    settings_ = next.session;
    shared_.stateless.cache.apply(next.session.cache);
    if (made.strategy) group_.set_strategy(std::move(made.strategy));
    if (made.interceptors) use(*std::move(made.interceptors));
    std::vector<std::shared_ptr<Upstream>> members;
    for (std::size_t i = 0; i < next.upstreams.size(); ++i) {
        std::shared_ptr<Upstream> each = made.upstreams[i];
        if (!each) each = member(next.upstreams[i].name);
        if (plan.upstreams[i] == UpstreamChange::retune) each->apply(next.upstreams[i].settings);
        members.push_back(std::move(each));
    }
    for (const auto& old : group_.members()) {
        if (std::ranges::find(members, old) != members.end()) continue;
        old->retire();
        retired_.push_back(Retired{old, worker_.now() + next.process.retire_timeout});
    }
    group_.replace(std::move(members));
    const auto each_tick = [this](sdk::TimePoint now) { sweep(now); };
    if (!retired_.empty()) tick_ = worker_.every_tick(each_tick);
}

/// An upstream that was made may have begun to open spares since.
void WorkerParts::discard() {
    if (!next_) return;
    for (std::shared_ptr<Upstream>& made : next_->upstreams) {
        if (made) let_go(std::move(made));
    }
    next_.reset();
}

/// Lets go of retired upstreams that no session needs, or has needed for too long.
void WorkerParts::sweep(sdk::TimePoint now) {
    std::vector<Retired> still;
    for (Retired& each : retired_) {
        if (each.upstream->bound() != 0) table_.leave(*each.upstream, now >= each.deadline);
        if (each.upstream->bound() != 0) {
            still.push_back(std::move(each));
            continue;
        }
        sdk::log::info("retired upstream closed", {{"upstream", each.upstream->name()}});
        let_go(std::move(each.upstream));
    }
    retired_ = std::move(still);
}

void WorkerParts::let_go(std::shared_ptr<Upstream> upstream) {
    spawn_logged(worker_, stop_upstream(std::move(upstream)), "upstream.stop");
}

sdk::awaitable<> WorkerParts::stop_upstream(std::shared_ptr<Upstream> upstream) {
    co_await upstream->stop();
}

sdk::awaitable<> WorkerParts::release_held() {
    interceptors_.stop();
    co_return;
}

sdk::awaitable<> WorkerParts::stop() {
    interceptors_.stop();
    co_await table_.end_all();
    co_await desk_.stop();
    tick_ = sdk::Worker::Tick();
    observing_ = sdk::Worker::Tick();
    for (const Retired& each : retired_)
        co_await each.upstream->stop();
    for (const auto& upstream : group_.members())
        co_await upstream->stop();
}

}  // namespace shadowcat::core
