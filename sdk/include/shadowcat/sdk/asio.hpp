// SPDX-License-Identifier: Apache-2.0
// The one door to Asio: the executor, coroutine and socket types that every part of Shadowcat uses.
#pragma once

#include "shadowcat/sdk/awaitable.hpp"
#include "shadowcat/sdk/completion_token.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>

namespace shadowcat::sdk::inline v1 {

using Clock = std::chrono::steady_clock;
using Duration = Clock::duration;
using TimePoint = Clock::time_point;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

}  // namespace shadowcat::sdk::inline v1
