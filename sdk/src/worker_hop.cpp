// SPDX-License-Identifier: Apache-2.0
// Hops between workers are posts; the coroutine that hops waits.
#include "shadowcat/sdk/worker_hop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace shadowcat::sdk::inline v1 {

namespace {

/// What came of a task on another worker. Lives with who waits for it.
class Outcome {
public:
    std::exception_ptr escaped;
};

/// Keeps the loop of who waits running.
using Work = asio::executor_work_guard<Executor>;

/// Runs `task`, then lets `waiting` go on where it belongs.
Root carry_out_there(Executor /*there*/, Work here, awaitable<> task, Outcome& outcome,
                     Waiting waiting) {
    try {
        co_await std::move(task);
    } catch (...) {
        outcome.escaped = std::current_exception();
    }
    asio::post(here.get_executor(), std::move(waiting));
}

/// Awaited on one worker, it runs a task on another.
class Hop {
public:
    Hop(Worker& there, awaitable<> task) : there_(&there), task_(std::move(task)) {}

    bool await_ready() const noexcept { return false; }
    template <std::derived_from<Promise> Parent>
    void await_suspend(std::coroutine_handle<Parent> parent) {
        Flow& flow = parent.promise().flow();
        Waiting waiting(flow, parent);
        const Executor there = there_->executor();
        asio::post(there, carry_out_there(there, Work(flow.executor()), std::move(task_), outcome_,
                                          std::move(waiting)));
    }
    void await_resume() const {
        if (outcome_.escaped) std::rethrow_exception(outcome_.escaped);
    }

private:
    Worker* there_;
    awaitable<> task_;
    Outcome outcome_;
};

awaitable<> hop_to(Worker& there, awaitable<> task) {
    Hop hop(there, std::move(task));
    co_await std::move(hop);
}

}  // namespace

awaitable<> run_on(Worker& here, Worker& there, awaitable<> task) {
    if (&here == &there) return task;
    return hop_to(there, std::move(task));
}

awaitable<Result<void>> HopReplies::write(Message message) {
    return hop(replies_.write(std::move(message)));
}

awaitable<Result<void>> HopReplies::write_event(Message message, std::string_view event_id) {
    return hop(replies_.write_event(std::move(message), event_id));
}

awaitable<Result<void>> HopReplies::prime(std::string_view event_id) {
    return hop(replies_.prime(event_id));
}

awaitable<Result<void>> HopReplies::fail(Error error, Message response) {
    return hop(replies_.fail(std::move(error), std::move(response)));
}

/// The end of the exchange comes as a post too, behind this one.
void HopReplies::sever() noexcept {
    asio::post(worker_.context(), [&replies = replies_] { replies.sever(); });
}

awaitable<Result<void>> HopReplies::hop(awaitable<Result<void>> call) {
    Result<void> outcome;
    auto there = perform(std::move(call), outcome);
    co_await hop_to(worker_, std::move(there));
    co_return outcome;
}

/// On the connection's worker; whoever hopped waits, so that `status_` is not read meanwhile.
awaitable<> HopReplies::perform(awaitable<Result<void>> call, Result<void>& outcome) {
    outcome = co_await std::move(call);
    status_ = replies_.status();
}

}  // namespace shadowcat::sdk::inline v1
