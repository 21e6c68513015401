// SPDX-License-Identifier: Apache-2.0
// Worker: one thread's event loop. Sessions, links and child processes live on one for life.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/gate.hpp"

#include <cstddef>
#include <functional>
#include <list>

namespace shadowcat::sdk::inline v1 {

class TransportObserver;

/// A single-threaded `io_context` with what belongs to it. Everything except `post` and `index` is
/// called on the worker's own thread only (before `run` and after it returned, on any one thread).
class SHADOWCAT_API Worker {
public:
    explicit Worker(std::size_t index = 0);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// 0-based position among the workers.
    std::size_t index() const noexcept { return index_; }

    asio::io_context& context() noexcept { return context_; }
    Executor executor() noexcept { return context_.get_executor(); }

    /// Counts the coroutines spawned on this worker: a drain waits for it.
    Gate& gate() noexcept { return gate_; }

    /// Runs the loop on the calling thread until `stop`, or until nothing is left to do.
    void run();

    /// Runs what is ready and returns without waiting; for tests. (`run` waits for every
    /// coroutine.)
    void poll();

    /// Makes `run` return soon. From any thread.
    void stop();

    /// The coarse clock of timeouts: the time of the last tick, at most `kTickInterval` old.
    TimePoint now() const noexcept { return now_; }
    static constexpr Duration kTickInterval = std::chrono::milliseconds(250);

    /// Keeps a tick callback registered for as long as it lives. Movable.
    class SHADOWCAT_API Tick {
    public:
        Tick() = default;
        Tick(Worker& worker, std::list<std::function<void(TimePoint)>>::iterator entry)
            : worker_(&worker), entry_(entry) {}
        Tick(Tick&& other) noexcept;
        Tick& operator=(Tick&& other) noexcept;
        ~Tick();

    private:
        Worker* worker_ = nullptr;
        std::list<std::function<void(TimePoint)>>::iterator entry_;
    };

    /// Calls `callback` with the current time about every `kTickInterval`, on this worker. One
    /// sweep over many deadlines instead of a timer per operation. Callbacks may register and
    /// unregister.
    [[nodiscard]] Tick every_tick(std::function<void(TimePoint)> callback);

    /// Who wants to know what happens on the wire; null (the usual case) when nobody does.
    /// Transports look here before they put an event together. Set by the core.
    TransportObserver* observer() const noexcept { return observer_; }
    void set_observer(TransportObserver* observer) noexcept { observer_ = observer; }

private:
    void arm_tick();
    void run_tick();

    std::size_t index_;
    Gate gate_;  // outlives the coroutines that the context still holds
    asio::io_context context_;
    Timer timer_;
    TimePoint now_;
    std::list<std::function<void(TimePoint)>> ticks_;
    bool ticking_ = false;
    TransportObserver* observer_ = nullptr;
};

/// The index of the worker that runs on the calling thread, 0 elsewhere. Selects a metric's shard.
SHADOWCAT_API std::size_t current_worker() noexcept;

}  // namespace shadowcat::sdk::inline v1
