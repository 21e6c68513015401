// SPDX-License-Identifier: Apache-2.0
// The one door to Asio: the executor, coroutine and socket types that every part of Shadowcat uses.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace shadowcat::sdk::inline v1 {

namespace asio = boost::asio;

using error_code = boost::system::error_code;

/// The executor of one worker. Concrete rather than `any_io_executor`: dispatching through it costs
/// nothing, and everything a session owns lives on one worker for its whole life.
using Executor = asio::io_context::executor_type;

/// A coroutine that runs on a worker. All asynchronous SDK calls return one; unless a declaration
/// says otherwise they complete on the worker they were started on.
template <class T = void>
using awaitable = asio::awaitable<T, Executor>;

/// Completion token: `co_await` it, failures throw `boost::system::system_error`.
inline constexpr asio::use_awaitable_t<Executor> use_awaitable;

/// Completion token: `co_await` it, yields `std::tuple<error_code, …>`. The usual choice: an
/// expected failure costs no exception.
inline constexpr auto as_tuple = asio::as_tuple(use_awaitable);

using Clock = std::chrono::steady_clock;
using Duration = Clock::duration;
using TimePoint = Clock::time_point;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

}  // namespace shadowcat::sdk::inline v1
