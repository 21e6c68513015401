// SPDX-License-Identifier: Apache-2.0
// Starts coroutines, counted and with their exceptions logged.
#include "shadowcat/sdk/spawn.hpp"

#include "shadowcat/sdk/log.hpp"

#include <boost/asio/co_spawn.hpp>
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

class Completion {
public:
    Completion(Gate& gate, const char* name) : pass_(gate), name_(name) {}

    void operator()(const std::exception_ptr& exception) {
        if (exception) log_escaped(name_, exception);
    }

private:
    Gate::Pass pass_;
    const char* name_;
};

}  // namespace

void spawn_logged(Worker& worker, awaitable<> task, const char* name) {
    asio::co_spawn(worker.executor(), std::move(task), Completion(worker.gate(), name));
}

void spawn_on(Worker& worker, std::function<awaitable<>()> make, const char* name) {
    asio::post(worker.context(),
               [&worker, make = std::move(make), name] { spawn_logged(worker, make(), name); });
}

}  // namespace shadowcat::sdk::inline v1
