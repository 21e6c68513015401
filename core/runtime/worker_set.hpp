// SPDX-License-Identifier: Apache-2.0
// WorkerSet: one thread per worker.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Owns the workers. Worker 0 runs on the thread that calls `run`.
class WorkerSet {
public:
    explicit WorkerSet(std::size_t count);
    ~WorkerSet();

    std::span<sdk::Worker* const> workers() const noexcept { return pointers_; }
    sdk::Worker& operator[](std::size_t index) noexcept { return *workers_[index]; }
    std::size_t size() const noexcept { return workers_.size(); }

    /// Runs all workers until `finish` was called and everything spawned has ended.
    void run();

    /// Lets every worker return once nothing is left to do on it. From any thread.
    void finish();

    /// Runs `task` on worker `index` and completes, on the calling worker, when it has. Exceptions
    /// that escape `task` are logged.
    sdk::awaitable<> run_on(sdk::Worker& caller, std::size_t index,
                            std::function<sdk::awaitable<>()> task);

private:
    using Guard = sdk::asio::executor_work_guard<sdk::Executor>;

    std::vector<std::unique_ptr<sdk::Worker>> workers_;
    std::vector<sdk::Worker*> pointers_;
    std::vector<std::optional<Guard>> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace shadowcat::core
