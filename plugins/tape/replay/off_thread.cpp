// SPDX-License-Identifier: Apache-2.0
// One thread, one job.
#include "replay/off_thread.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <memory>
#include <thread>

namespace shadowcat::tape {

namespace {

class ThreadedJob {
public:
    explicit ThreadedJob(sdk::Worker& worker) : busy(worker.executor()) {}

    sdk::asio::executor_work_guard<sdk::Executor> busy;  // the worker waits for us
    sdk::Wakeup finished;
    std::exception_ptr failure;
    bool done = false;
};

}  // namespace

sdk::awaitable<> off_thread(sdk::Worker& worker, std::function<void()> job) {
    const auto state = std::make_shared<ThreadedJob>(worker);
    const std::function<void()> tell = [state] {
        state->done = true;
        state->finished.notify();
    };
    const std::function<void()> body = [state, job, tell] {
        try {
            job();
        } catch (...) {
            state->failure = std::current_exception();
        }
        sdk::asio::post(state->busy.get_executor(), tell);
    };
    std::thread thread(body);
    if (!state->done) co_await state->finished.wait();
    thread.join();
    state->busy.reset();
    if (state->failure) std::rethrow_exception(state->failure);
}

}  // namespace shadowcat::tape
