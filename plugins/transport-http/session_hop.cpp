// SPDX-License-Identifier: Apache-2.0
// Hops between workers are posts; the coroutine that hops waits.
#include "session_hop.hpp"

#include <boost/asio/co_spawn.hpp>

namespace shadowcat::http {

awaitable<> run_on(Worker& here, Worker& there, awaitable<> task) {
    if (&here == &there) return task;
    return asio::co_spawn(there.executor(), std::move(task), use_awaitable);
}

awaitable<Result<void>> HopReplies::write(Message message) {
    auto call = replies_.write(std::move(message));
    co_return co_await asio::co_spawn(worker_.executor(), std::move(call), use_awaitable);
}

awaitable<Result<void>> HopReplies::fail(Error error, Message response) {
    auto call = replies_.fail(std::move(error), std::move(response));
    co_return co_await asio::co_spawn(worker_.executor(), std::move(call), use_awaitable);
}

}  // namespace shadowcat::http
