// SPDX-License-Identifier: Apache-2.0
// within: bounds one asynchronous operation in time; for handshakes, not for the data path.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>

#include <utility>

namespace shadowcat::sdk::inline v1 {

/// Completes as `op` (a deferred Asio operation with signature `void(error_code)`) does, or
/// cancels it after `limit`. Returns the operation's error code, or `asio::error::timed_out` when
/// the limit was what ended it. Prefer `Worker::every_tick` sweeps where many operations are in
/// flight.
template <class Op>
awaitable<error_code> within(Timer& timer, Duration limit, Op op) {
    timer.expires_after(limit);
    auto group =
        asio::experimental::make_parallel_group(std::move(op), timer.async_wait(asio::deferred));
    auto here = asio::bind_executor(timer.get_executor(), use_awaitable);
    auto both = group.async_wait(asio::experimental::wait_for_one(), std::move(here));
    auto [order, op_error, timer_error] = co_await std::move(both);
    if (order[0] == 1) co_return error_code(asio::error::timed_out);
    co_return op_error;
}

}  // namespace shadowcat::sdk::inline v1
