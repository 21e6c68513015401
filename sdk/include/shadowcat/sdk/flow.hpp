// SPDX-License-Identifier: Apache-2.0
// Flow: a chain of coroutines of which each awaits the next, and what makes it go on.
#pragma once

#include "shadowcat/sdk/export.hpp"

#include <boost/asio/io_context.hpp>

#include <coroutine>
#include <utility>

namespace shadowcat::sdk::inline v1 {

namespace asio = boost::asio;

/// The executor of one worker. Concrete rather than `any_io_executor`: dispatching through it costs
/// nothing, and everything a session owns lives on one worker for its whole life.
using Executor = asio::io_context::executor_type;

/// What was started as one: a coroutine, the coroutine that it awaits, and so on down to the one
/// that waits for something outside. At most one of them runs or waits at a time. It lives in the
/// frame of its first coroutine; who writes coroutines never sees it. Single-threaded.
///
/// Coroutines don't resume each other but leave in `next` whose turn it is, and `run` goes round:
/// so a loop of a million awaits needs no more stack than one, whatever the compiler optimises.
class SHADOWCAT_API Flow {
public:
    explicit Flow(Executor executor) noexcept : executor_(std::move(executor)) {}
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;

    const Executor& executor() const noexcept { return executor_; }

    /// Whose turn it is when the running coroutine has suspended itself; null: it waits.
    void set_next(std::coroutine_handle<> next) noexcept { next_ = next; }

    /// Resumes `frame` and those whose turn it is after it, until one waits or the first has ended.
    void run(std::coroutine_handle<> frame) {
        running_ = true;
        next_ = frame;
        do {
            std::exchange(next_, nullptr).resume();
        } while (next_);
        running_ = false;
        if (ended_ || dropped_) leave();
    }

    void begin(std::coroutine_handle<> first) noexcept { first_ = first; }
    void end() noexcept { ended_ = true; }

    /// A wait begins, and ends by `run` or by this: what it waits for will never come. Its frames
    /// are then destroyed, later, on its worker.
    void wait() noexcept { dropped_ = false; }
    void abandon() noexcept;

private:
    void leave() noexcept;

    Executor executor_;
    std::coroutine_handle<> next_;
    std::coroutine_handle<> first_;
    bool running_ = false;
    bool ended_ = false;
    bool dropped_ = false;  // an operation gave its handler up before it had begun
};

/// A flow that waits, and the frame to resume. Resuming it or destroying this ends the wait.
/// Movable. Usable as a completion handler without arguments.
class Waiting {
public:
    Waiting() noexcept = default;
    Waiting(Flow& flow, std::coroutine_handle<> frame) noexcept : flow_(&flow), frame_(frame) {
        flow.wait();
    }
    Waiting(Waiting&& other) noexcept
        : flow_(std::exchange(other.flow_, nullptr)), frame_(other.frame_) {}
    Waiting& operator=(Waiting&& other) noexcept {
        std::swap(flow_, other.flow_);
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~Waiting() {
        if (flow_) flow_->abandon();
    }

    explicit operator bool() const noexcept { return flow_ != nullptr; }

    /// Goes on with the flow, here and now.
    void operator()() { std::exchange(flow_, nullptr)->run(frame_); }

private:
    Flow* flow_ = nullptr;
    std::coroutine_handle<> frame_;
};

}  // namespace shadowcat::sdk::inline v1
