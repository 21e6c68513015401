// SPDX-License-Identifier: Apache-2.0
// Stage: a worker for tests, whose every wait is bounded.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/spawn.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace shadowcat::contract {

/// Runs coroutines of a plugin on the test's thread. What doesn't complete in `kPatience` is a
/// failure; the worker is then leaked, since a coroutine that hangs can't be ended from outside,
/// and the cases after it fail at once instead of waiting for the same again.
class Stage {
public:
    static constexpr std::chrono::seconds kPatience = std::chrono::seconds(20);

    /// Throws when an earlier stage hangs.
    Stage();

    /// Waits for what was started; a coroutine that is left is reported.
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    sdk::Worker& worker() noexcept { return *worker_; }

    /// Runs until `done` says so. False when it didn't in time.
    bool until(const std::function<bool()>& done);

    /// The same, but throws.
    void wait_for(const std::function<bool()>& done, const std::string& what) {
        if (!until(done)) give_up(what);
    }

    /// Starts `task` and lets it run while the test waits for something.
    void start(sdk::awaitable<> task) { sdk::spawn_logged(*worker_, std::move(task), "contract"); }

    /// The result of `task`. Throws when it takes too long.
    template <class T>
    T get(sdk::awaitable<T> task, const std::string& what) {
        const auto result = std::make_shared<std::optional<T>>();  // outlives a hanging task
        start(store(std::move(task), result));
        wait_for([&] { return result->has_value(); }, what);
        return *std::move(*result);
    }

    void run(sdk::awaitable<> task, const std::string& what) {
        const auto done = std::make_shared<bool>(false);
        start(mark(std::move(task), done));
        wait_for([&] { return *done; }, what);
    }

    /// For destructors: as `run`, but reports what goes wrong; nothing once something hangs.
    void finish(sdk::awaitable<> task, const std::string& what) noexcept;

private:
    template <class T>
    static sdk::awaitable<> store(sdk::awaitable<T> task, std::shared_ptr<std::optional<T>> to) {
        to->emplace(co_await std::move(task));
    }
    static sdk::awaitable<> mark(sdk::awaitable<> task, std::shared_ptr<bool> done) {
        co_await std::move(task);
        *done = true;
    }
    [[noreturn]] void give_up(const std::string& what);

    std::unique_ptr<sdk::Worker> worker_;
    bool hanging_ = false;
};

}  // namespace shadowcat::contract
