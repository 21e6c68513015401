// SPDX-License-Identifier: Apache-2.0
// Starts coroutines, counted and with their exceptions logged.
#include "shadowcat/sdk/spawn.hpp"

#include "shadowcat/sdk/log.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace shadowcat::sdk::inline v1 {

namespace {

void log_escaped(const char* task, const std::exception_ptr& exception) {
    try {
        std::rethrow_exception(exception);
    } catch (const std::exception& e) {
        log::error("task failed", {{"task", task}, {"error", e.what()}});
    } catch (...) {
        log::error("task failed", {{"task", task}, {"error", "not a std::exception"}});
    }
}

/// The first coroutine of the flow; holds the pass until its last frame has gone.
Root carry_out(Executor /*executor*/, awaitable<> task, Gate::Pass /*pass*/, const char* name) {
    std::exception_ptr escaped;
    try {
        co_await std::move(task);
    } catch (...) {
        escaped = std::current_exception();
    }
    if (escaped) log_escaped(name, escaped);
}

}  // namespace

void spawn_logged(Worker& worker, awaitable<> task, const char* name) {
    Gate::Pass pass(worker.gate());
    asio::dispatch(worker.executor(),
                   carry_out(worker.executor(), std::move(task), std::move(pass), name));
}

void spawn_on(Worker& worker, std::function<awaitable<>()> make, const char* name) {
    asio::post(worker.context(),
               [&worker, make = std::move(make), name] { spawn_logged(worker, make(), name); });
}

}  // namespace shadowcat::sdk::inline v1
