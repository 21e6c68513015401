// SPDX-License-Identifier: Apache-2.0
// awaitable: the coroutine type of everything asynchronous here.
#pragma once

#include "shadowcat/sdk/flow.hpp"
#include "shadowcat/sdk/frame_memory.hpp"

#include <boost/asio/this_coro.hpp>

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

namespace shadowcat::sdk::inline v1 {

template <class T = void>
class awaitable;

/// What every coroutine of ours has in its frame, and what may be awaited in it.
class Promise {
public:
    static void* operator new(std::size_t size) { return allocate_frame(size); }
    static void operator delete(void* frame, std::size_t size) noexcept {
        release_frame(frame, size);
    }

    Flow& flow() const noexcept { return *flow_; }
    std::suspend_always initial_suspend() const noexcept { return {}; }

    template <class T>
    awaitable<T> await_transform(awaitable<T>&& child) const noexcept {
        return std::move(child);
    }

    /// Operations, and whatever else knows how to make a flow wait.
    template <class Awaiter>
    Awaiter&& await_transform(Awaiter&& awaiter) const noexcept {
        return std::forward<Awaiter>(awaiter);
    }

    auto await_transform(asio::this_coro::executor_t /*which*/) const noexcept {
        return Known(flow_->executor());
    }

protected:
    explicit Promise(Flow* flow = nullptr) noexcept : flow_(flow) {}
    void join(Flow& flow) noexcept { flow_ = &flow; }

private:
    class Known {
    public:
        explicit Known(Executor executor) noexcept : executor_(std::move(executor)) {}
        bool await_ready() const noexcept { return true; }
        void await_suspend(std::coroutine_handle<> /*frame*/) const noexcept {}
        Executor await_resume() const noexcept { return executor_; }

    private:
        Executor executor_;
    };

    Flow* flow_;
};

/// A frame whose end resumes the one that awaits it.
class ChildPromise : public Promise {
public:
    ChildPromise() noexcept = default;

    void begin(Flow& flow, std::coroutine_handle<> parent) noexcept {
        join(flow);
        parent_ = parent;
    }

    class End {
    public:
        bool await_ready() const noexcept { return false; }
        template <class Child>
        void await_suspend(std::coroutine_handle<Child> child) const noexcept {
            child.promise().flow().set_next(child.promise().parent_);
        }
        void await_resume() const noexcept {}
    };
    End final_suspend() const noexcept { return {}; }

    void unhandled_exception() noexcept { exception_ = std::current_exception(); }

protected:
    void rethrow() {
        if (exception_) std::rethrow_exception(std::move(exception_));
    }

private:
    std::coroutine_handle<> parent_;
    std::exception_ptr exception_;
};

template <class T>
class ResultPromise final : public ChildPromise {
public:
    awaitable<T> get_return_object() noexcept;

    template <class U = T>
    void return_value(U&& value) {
        value_.emplace(std::forward<U>(value));
    }
    T take() {
        rethrow();
        return *std::move(value_);
    }

private:
    std::optional<T> value_;
};

template <>
class ResultPromise<void> final : public ChildPromise {
public:
    awaitable<void> get_return_object() noexcept;
    void return_void() const noexcept {}
    void take() { rethrow(); }
};

/// A coroutine that runs on a worker, and what it will yield: `T`, or an exception. All
/// asynchronous SDK calls return one; unless a declaration says otherwise they complete on the
/// worker they were started on.
///
/// It begins when it is awaited, by a coroutine that is one itself (the first of all is started by
/// `spawn_logged`), and is awaited once, as an rvalue. Movable. Dropped before that, it never runs.
/// Its frame comes from `allocate_frame`, and awaiting costs some ten instructions: a small
/// function may be a coroutine of its own.
template <class T>
class [[nodiscard]] awaitable {
public:
    using promise_type = ResultPromise<T>;
    using value_type = T;

    explicit awaitable(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    awaitable(awaitable&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    awaitable& operator=(awaitable&& other) noexcept {
        std::swap(frame_, other.frame_);
        return *this;
    }
    ~awaitable() {
        if (frame_) frame_.destroy();
    }

    /// What `co_await` calls.
    bool await_ready() const noexcept { return false; }
    template <std::derived_from<Promise> Parent>
    void await_suspend(std::coroutine_handle<Parent> parent) const noexcept {
        Flow& flow = parent.promise().flow();
        frame_.promise().begin(flow, parent);
        flow.set_next(frame_);
    }
    T await_resume() {
        const awaitable over(std::move(*this));
        return over.frame_.promise().take();
    }

private:
    std::coroutine_handle<promise_type> frame_;
};

template <class T>
awaitable<T> ResultPromise<T>::get_return_object() noexcept {
    return awaitable<T>(std::coroutine_handle<ResultPromise>::from_promise(*this));
}

inline awaitable<void> ResultPromise<void>::get_return_object() noexcept {
    return awaitable<void>(std::coroutine_handle<ResultPromise>::from_promise(*this));
}

/// The first coroutine of a flow: `Root f(Executor, …) { co_await …; }`. It must not throw.
class [[nodiscard]] Root {
public:
    class promise_type final : public Promise {
    public:
        template <class... Parameters>
        explicit promise_type(const Executor& executor, Parameters&... /*others*/) noexcept
            : Promise(&flow_), flow_(executor) {}

        Root get_return_object() noexcept {
            return Root(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        class End {
        public:
            bool await_ready() const noexcept { return false; }
            void await_suspend(std::coroutine_handle<promise_type> first) const noexcept {
                first.promise().flow_.end();
            }
            void await_resume() const noexcept {}
        };
        End final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

    private:
        Flow flow_;
    };

    Root(Root&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
    Root& operator=(Root&&) = delete;
    ~Root() {
        if (frame_) frame_.destroy();
    }

    /// Runs it here and now, until it waits or ends; it then needs this object no more. As a
    /// completion handler: where the executor runs it.
    void operator()() {
        const auto frame = std::exchange(frame_, nullptr);
        Flow& flow = frame.promise().flow();
        flow.begin(frame);
        flow.run(frame);
    }

private:
    explicit Root(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    std::coroutine_handle<promise_type> frame_;
};

}  // namespace shadowcat::sdk::inline v1
