// SPDX-License-Identifier: Apache-2.0
// Hops between workers are posts; the coroutine that hops waits.
#include "shadowcat/sdk/worker_hop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace shadowcat::sdk::inline v1 {

awaitable<> run_on(Worker& here, Worker& there, awaitable<> task) {
    if (&here == &there) return task;
    return asio::co_spawn(there.executor(), std::move(task), use_awaitable);
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
    auto there = perform(std::move(call));
    co_return co_await asio::co_spawn(worker_.executor(), std::move(there), use_awaitable);
}

/// On the connection's worker; whoever hopped waits, so that `status_` is not read meanwhile.
awaitable<Result<void>> HopReplies::perform(awaitable<Result<void>> call) {
    Result<void> outcome = co_await std::move(call);
    status_ = replies_.status();
    co_return outcome;
}

}  // namespace shadowcat::sdk::inline v1
