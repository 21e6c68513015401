// SPDX-License-Identifier: Apache-2.0
// All or nothing.
#include "core/proxy/reloader.hpp"

#include "shadowcat/sdk/log.hpp"

#include <algorithm>
#include <mutex>

namespace shadowcat::core {

namespace {

sdk::awaitable<> perform(std::function<void(WorkerParts&)> task, WorkerParts& parts) {
    task(parts);
    co_return;
}

void refuse(ReloadRecord& record, const std::vector<std::string>& keys) {
    for (const std::string& key : keys)
        record.errors.push_back(key + ": can't change while the proxy runs; restart it");
}

}  // namespace

sdk::awaitable<ReloadRecord> Reloader::reload(std::string trigger) {
    const sdk::Gate::Pass pass = running_.enter();
    while (busy_) {
        sdk::Wakeup turn;
        waiting_.push_back(&turn);
        co_await turn.wait();
    }
    busy_ = true;
    ReloadRecord record;
    record.number = last_.number + 1;
    record.trigger = std::move(trigger);
    record.at = std::chrono::system_clock::now();
    target_.shared.sinks.reopen();
    if (running_.closed()) {
        record.errors.emplace_back("the proxy is being stopped");
    } else {
        co_await attempt(record);
    }
    record.applied = record.errors.empty();
    report(record);
    last_ = record;
    busy_ = false;
    if (!waiting_.empty()) {
        sdk::Wakeup* next = waiting_.front();
        waiting_.erase(waiting_.begin());
        next->notify();
    }
    co_return record;
}

sdk::awaitable<> Reloader::finish() {
    running_.close();
    co_await running_.empty();
}

sdk::awaitable<> Reloader::attempt(ReloadRecord& record) {
    std::variant<Config, Diagnostics> read = source_();
    if (const auto* wrong = std::get_if<Diagnostics>(&read)) {
        for (const Diagnostic& each : *wrong)
            record.errors.push_back(each.text());
        co_return;
    }
    Config next = std::get<Config>(std::move(read));
    const ReloadPlan plan = plan_reload(target_.shared.config, next, target_.workers.size());
    refuse(record, plan.refused);
    if (!record.errors.empty()) co_return;
    co_await apply(std::move(next), plan, record);
}

sdk::awaitable<> Reloader::apply(Config next, const ReloadPlan& plan, ReloadRecord& record) {
    states_ = states_for(next, plan);
    record.errors = co_await prepare(next, plan);
    if (record.errors.empty() && target_.listener != nullptr) {
        const sdk::Result<void> agreed = target_.listener->reload(next.listener.options);
        const bool ignored = agreed.has_error() && !plan.listener &&
                             agreed.error().code() == sdk::ErrorCode::unsupported;
        if (agreed.has_error() && !ignored) record.errors.push_back(agreed.error().message());
    }
    if (!record.errors.empty()) {
        co_await on_each_worker(&WorkerParts::discard);
        co_return;
    }
    record.changes = plan.text(next);
    Shared& shared = target_.shared;
    for (std::size_t i = 0; i < states_.size(); ++i)
        states_[i]->apply(next.upstreams[i].settings);
    shared.bytes.resize(next.process.max_bytes_in_flight, Shared::kMaxWaitingReaders);
    sdk::log::configure(next.logging.level, next.logging.format);
    const auto commit = [&next, &plan](WorkerParts& parts) { parts.commit(next, plan); };
    co_await on_each_worker(commit);
    shared.upstreams = states_;
    shared.config = std::move(next);
    co_await target_.health.follow(shared.config, plan);
}

sdk::awaitable<Reloader::Errors> Reloader::prepare(const Config& next, const ReloadPlan& plan) {
    Errors errors;
    std::mutex mutex;  // errors come from every worker
    const auto add = [&](const std::exception& failure) {
        const std::lock_guard lock(mutex);
        if (std::ranges::find(errors, failure.what()) == errors.end())
            errors.emplace_back(failure.what());
    };
    try {
        target_.health.try_make(next, plan);
    } catch (const std::exception& failure) {
        add(failure);
    }
    const auto make = [&](WorkerParts& parts) {
        try {
            parts.prepare(next, plan, states_);
        } catch (const std::exception& failure) {
            add(failure);
        }
    };
    co_await on_each_worker(make);
    co_return errors;
}

sdk::awaitable<> Reloader::on_each_worker(std::function<void(WorkerParts&)> task) {
    for (std::size_t i = 0; i < target_.parts.size(); ++i) {
        WorkerParts& parts = *target_.parts[i];
        std::function<sdk::awaitable<>()> there = [&task, &parts] { return perform(task, parts); };
        co_await target_.workers.run_on(target_.workers[0], i, std::move(there));
    }
}

/// Old states where upstreams stay, new ones where they are replaced.
std::vector<std::shared_ptr<UpstreamState>> Reloader::states_for(const Config& next,
                                                                 const ReloadPlan& plan) const {
    std::vector<std::shared_ptr<UpstreamState>> states;
    for (std::size_t i = 0; i < next.upstreams.size(); ++i) {
        const UpstreamConfig& upstream = next.upstreams[i];
        const auto& old = target_.shared.upstreams;
        const auto same = std::ranges::find(old, upstream.name, &UpstreamState::name);
        const bool anew = plan.upstreams[i] == UpstreamChange::replace || same == old.end();
        states.push_back(anew ? std::make_shared<UpstreamState>(upstream.name, upstream.settings)
                              : *same);
    }
    return states;
}

void Reloader::report(const ReloadRecord& record) const {
    if (record.applied) {
        sdk::log::info(
            "configuration reloaded",
            {{"number", record.number}, {"trigger", record.trigger}, {"changes", record.changes}});
        return;
    }
    for (const std::string& error : record.errors)
        sdk::log::error("configuration not reloaded",
                        {{"number", record.number}, {"error", error}});
}

}  // namespace shadowcat::core
