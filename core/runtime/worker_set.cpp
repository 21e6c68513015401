// SPDX-License-Identifier: Apache-2.0
// Threads, and tasks that one worker has another perform.
#include "core/runtime/worker_set.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include <boost/asio/post.hpp>

#include <exception>

namespace shadowcat::core {

WorkerSet::WorkerSet(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        workers_.push_back(std::make_unique<sdk::Worker>(i));
        pointers_.push_back(workers_.back().get());
        guards_.emplace_back(workers_.back()->executor());
    }
}

WorkerSet::~WorkerSet() = default;

void WorkerSet::run() {
    for (std::size_t i = 1; i < workers_.size(); ++i) {
        threads_.emplace_back([this, i] { workers_[i]->run(); });
    }
    workers_[0]->run();
    for (std::thread& thread : threads_)
        thread.join();
    threads_.clear();
}

void WorkerSet::finish() {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        sdk::asio::post(workers_[i]->context(), [this, i] { guards_[i].reset(); });
    }
}

namespace {

sdk::awaitable<> perform(std::function<sdk::awaitable<>()> task, sdk::Worker& caller,
                         std::shared_ptr<sdk::Mailbox<int>> done) {
    try {
        co_await task();
    } catch (const std::exception& e) {
        sdk::log::error("task failed", {{"error", e.what()}});
    }
    sdk::asio::post(caller.context(), [done] { done->close(); });
}

}  // namespace

sdk::awaitable<> WorkerSet::run_on(sdk::Worker& caller, std::size_t index,
                                   std::function<sdk::awaitable<>()> task) {
    // shared: the caller's frame and the other worker's task both refer to it
    const auto done = std::make_shared<sdk::Mailbox<int>>(1);
    std::function<sdk::awaitable<>()> whole = [task = std::move(task), &caller, done] {
        return perform(task, caller, done);
    };
    sdk::spawn_on(*workers_[index], std::move(whole), "worker.task");
    co_await done->pop();
}

}  // namespace shadowcat::core
