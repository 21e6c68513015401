// SPDX-License-Identifier: Apache-2.0
// use_awaitable and as_tuple: what makes an Asio operation something to `co_await`.
#pragma once

#include "shadowcat/sdk/awaitable.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace shadowcat::sdk::inline v1 {

using error_code = boost::system::error_code;

/// Yields what the operation's handler is called with, as a tuple.
class as_tuple_t {
public:
    template <class... Args>
    static std::tuple<Args...> yield(std::tuple<Args...>&& arguments) {
        return std::move(arguments);
    }
};

/// Yields the results without the error code, which is thrown.
class use_awaitable_t {
public:
    template <class... Args>
    static auto yield(std::tuple<Args...>&& arguments) {
        return std::apply([](auto&&... each) { return succeed(std::move(each)...); },
                          std::move(arguments));
    }

private:
    static void succeed() noexcept {}
    template <class... Results>
    static auto succeed(error_code failed, Results... results) {
        if (failed) throw boost::system::system_error(failed);
        return succeed(std::move(results)...);
    }
    template <class... Results>
    static auto succeed(std::exception_ptr failed, Results... results) {
        if (failed) std::rethrow_exception(failed);
        return succeed(std::move(results)...);
    }
    template <class Result>
    static Result succeed(Result result) {
        return result;
    }
    template <class First, class Second, class... Results>
    static auto succeed(First first, Second second, Results... results) {
        return std::make_tuple(std::move(first), std::move(second), std::move(results)...);
    }
};

/// The handler that an operation calls: it goes on with the flow. Without an executor of its own,
/// that is where the operation completes: on the worker of its socket or timer.
template <class... Args>
class Resumption {
public:
    using allocator_type = FrameAllocator<void>;

    Resumption(Waiting waiting, std::optional<std::tuple<Args...>>& arguments) noexcept
        : waiting_(std::move(waiting)), arguments_(&arguments) {}

    allocator_type get_allocator() const noexcept { return {}; }

    template <class... Given>
    void operator()(Given&&... given) {
        arguments_->emplace(std::forward<Given>(given)...);
        waiting_();
    }

private:
    Waiting waiting_;
    std::optional<std::tuple<Args...>>* arguments_;
};

/// An Asio operation that begins when it is awaited.
template <class Token, class Start, class... Args>
class [[nodiscard]] Operation {
public:
    explicit Operation(Start start) : start_(std::move(start)) {}

    bool await_ready() const noexcept { return false; }
    template <std::derived_from<Promise> Parent>
    void await_suspend(std::coroutine_handle<Parent> parent) {
        Waiting waiting(parent.promise().flow(), parent);
        start_(Resumption<Args...>(std::move(waiting), arguments_));
    }
    auto await_resume() { return Token::yield(*std::move(arguments_)); }

    /// As a coroutine of its own, for what returns one of several operations.
    template <class Result>
    operator awaitable<Result>() && {  // NOLINT: as if it were one
        return perform<Result>(std::move(*this));
    }

private:
    template <class Result>
    static awaitable<Result> perform(Operation operation) {
        co_return co_await std::move(operation);
    }

    Start start_;
    std::optional<std::tuple<Args...>> arguments_;
};

/// How an operation begins, and with what.
template <class Initiation, class... InitArgs>
class Start {
public:
    template <class... Given>
    explicit Start(Initiation initiation, Given&&... arguments)
        : initiation_(std::move(initiation)), arguments_(std::forward<Given>(arguments)...) {}

    template <class Handler>
    void operator()(Handler handler) {
        std::apply(
            [&](auto&... each) { std::move(initiation_)(std::move(handler), std::move(each)...); },
            arguments_);
    }

private:
    Initiation initiation_;
    std::tuple<InitArgs...> arguments_;
};

/// `async_result` of both tokens.
template <class Token, class... Args>
class Initiator {
public:
    template <class Initiation, class... InitArgs>
    static auto initiate(Initiation&& initiation, const Token& /*token*/, InitArgs&&... arguments) {
        using Begin = Start<std::decay_t<Initiation>, std::decay_t<InitArgs>...>;
        return Operation<Token, Begin, std::decay_t<Args>...>(
            Begin(std::forward<Initiation>(initiation), std::forward<InitArgs>(arguments)...));
    }
};

/// Completion token: `co_await` it, failures throw `boost::system::system_error`.
inline constexpr use_awaitable_t use_awaitable{};

/// Completion token: `co_await` it, yields `std::tuple<error_code, …>`. The usual choice: an
/// expected failure costs no exception.
inline constexpr as_tuple_t as_tuple{};

}  // namespace shadowcat::sdk::inline v1

namespace boost::asio {

template <class... Args>
class async_result<shadowcat::sdk::use_awaitable_t, void(Args...)>
    : public shadowcat::sdk::Initiator<shadowcat::sdk::use_awaitable_t, Args...> {};

template <class... Args>
class async_result<shadowcat::sdk::as_tuple_t, void(Args...)>
    : public shadowcat::sdk::Initiator<shadowcat::sdk::as_tuple_t, Args...> {};

}  // namespace boost::asio
