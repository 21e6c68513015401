// SPDX-License-Identifier: Apache-2.0
// Pausing on a worker; one table for everything that a proxy has paused.
#include "breakpoints/breakpoints.hpp"

#include "shadowcat/sdk/log.hpp"

#include "breakpoints/breakpoint_verbs.hpp"
#include "breakpoints/paused_table.hpp"

#include <map>
#include <mutex>
#include <set>
#include <vector>

namespace shadowcat::intercept {

namespace {

/// The table, and the commands about it as long as anybody may pause something.
class Desk {
public:
    explicit Desk(sdk::ControlHost& control) : served(serve_breakpoints(control, table)) {}

    const std::shared_ptr<PausedTable> table = std::make_shared<PausedTable>();
    const std::vector<std::shared_ptr<void>> served;
};

/// Several entries of rules, and the rules before and after a reload, share one: a command reaches
/// whatever is paused, and no number is given twice.
std::shared_ptr<Desk> desk_of(sdk::ControlHost& control) {
    static std::mutex& mutex = *new std::mutex;
    static auto& desks = *new std::map<sdk::ControlHost*, std::weak_ptr<Desk>>;
    const std::lock_guard lock(mutex);
    std::erase_if(desks, [](const auto& each) { return each.second.expired(); });
    std::shared_ptr<Desk> desk = desks[&control].lock();
    if (!desk) desks[&control] = desk = std::make_shared<Desk>(control);
    return desk;
}

/// In the table for as long as it lives.
class Stay {
public:
    Stay(PausedTable& table, const PausedMessage& paused) : table_(table), paused_(paused) {}
    Stay(const Stay&) = delete;
    Stay& operator=(const Stay&) = delete;
    ~Stay() { table_.remove(paused_); }

private:
    PausedTable& table_;
    const PausedMessage& paused_;
};

class DeskBreakpoints final : public Breakpoints {
public:
    DeskBreakpoints(std::shared_ptr<Desk> desk, std::size_t max_paused)
        : desk_(std::move(desk)), table_(*desk_->table), max_paused_(max_paused) {}

    sdk::awaitable<sdk::Verdict> pause(sdk::Worker& worker, sdk::Message& message,
                                       const sdk::MessageContext& context,
                                       const PauseSettings& settings) override;
    void release_all(sdk::Worker& worker) noexcept override;

private:
    bool is_released(const sdk::Worker& worker) const {
        const std::lock_guard lock(mutex_);
        return released_.contains(&worker);
    }

    const std::shared_ptr<Desk> desk_;
    PausedTable& table_;
    const std::size_t max_paused_;
    mutable std::mutex mutex_;
    std::set<const sdk::Worker*> released_;
};

/// What the worker's tick looks at: also what was ended meanwhile, so that nothing rests on a
/// single wake-up.
void look_after(PausedTable& table, PausedMessage& paused, const sdk::Cancellation* cancellation,
                sdk::TimePoint now) {
    if (cancellation != nullptr && cancellation->requested()) table.end(paused, Ending::cancelled);
    if (now >= paused.until) table.end(paused, Ending::deadline);
    if (table.ending_of(paused)) paused.wakeup.notify();
}

void log_pause(const PausedMessage& paused) {
    sdk::log::info("message paused", {{"id", paused.number},
                                      {"rule", paused.rule},
                                      {"session", paused.session},
                                      {"method", paused.method}});
}

void log_end(const PausedMessage& paused, Ending ending) {
    const auto waited =
        std::chrono::duration_cast<std::chrono::milliseconds>(sdk::Clock::now() - paused.begun);
    sdk::log::info("paused message released", {{"id", paused.number},
                                               {"how", name(ending)},
                                               {"passes", !paused.is_dropped()},
                                               {"edited", paused.edited.has_value()},
                                               {"waited_ms", waited.count()}});
}

sdk::awaitable<sdk::Verdict> DeskBreakpoints::pause(sdk::Worker& worker, sdk::Message& message,
                                                    const sdk::MessageContext& context,
                                                    const PauseSettings& settings) {
    const auto self = shared_from_this();  // also when the rules go meanwhile
    const auto paused = std::make_shared<PausedMessage>(worker, this, message, context, settings,
                                                        sdk::Clock::now());
    if (is_released(worker)) co_return sdk::Verdict::pass();
    if (!table_.add(paused, max_paused_)) {
        sdk::log::warn("message not paused: too many are",
                       {{"rule", settings.rule}, {"limit", max_paused_}});
        co_return sdk::Verdict::pass();
    }
    const Stay stay(table_, *paused);
    log_pause(*paused);
    const sdk::Worker::Tick tick =
        worker.every_tick([this, &paused, cancellation = context.cancellation](sdk::TimePoint now) {
            look_after(table_, *paused, cancellation, now);
        });
    while (!table_.ending_of(*paused))
        co_await paused->wakeup.wait();
    const Ending ending = *table_.ending_of(*paused);
    log_end(*paused, ending);
    if (paused->is_dropped()) co_return sdk::Verdict::drop();
    if (paused->edited) message = *std::move(paused->edited);
    co_return sdk::Verdict::pass();
}

void DeskBreakpoints::release_all(sdk::Worker& worker) noexcept {
    {
        const std::lock_guard lock(mutex_);
        released_.insert(&worker);
    }
    table_.end_all(this, worker, Ending::stopped);
}

}  // namespace

std::shared_ptr<Breakpoints> Breakpoints::create(sdk::ControlHost& control,
                                                 std::size_t max_paused) {
    return std::make_shared<DeskBreakpoints>(desk_of(control), max_paused);
}

}  // namespace shadowcat::intercept
