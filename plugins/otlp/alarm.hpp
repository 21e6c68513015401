// SPDX-License-Identifier: Apache-2.0
// Alarm: a coroutine sleeps, others wake it early, from any thread.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include <boost/asio/post.hpp>

#include <memory>

namespace shadowcat::otlp {

/// One sleeper, which looks afterwards at what has changed. Held by `shared_ptr`: a ring from
/// another thread may arrive after its owner has gone.
class Alarm : public std::enable_shared_from_this<Alarm> {
public:
    explicit Alarm(const sdk::Executor& executor) : timer_(executor) {}

    /// Until `when`, or a ring.
    sdk::awaitable<> sleep_until(sdk::TimePoint when) {
        timer_.expires_at(when);
        (void)co_await timer_.async_wait(sdk::as_tuple);
    }

    /// On the worker. Nobody asleep: no effect.
    void ring() { timer_.cancel(); }

    /// From any thread.
    void ring_from_afar() {
        sdk::asio::post(timer_.get_executor(), [self = shared_from_this()] { self->ring(); });
    }

private:
    sdk::Timer timer_;
};

}  // namespace shadowcat::otlp
