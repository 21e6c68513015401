// SPDX-License-Identifier: Apache-2.0
// Three steps that each end the attempt or begin the next one.
#include "tcp_attempt.hpp"

#include <boost/asio/connect.hpp>

namespace shadowcat::pool {

using sdk::error_code;
namespace asio = sdk::asio;

sdk::awaitable<error_code> TcpAttempt::run(HostPort place, sdk::Duration limit) {
    const auto self = shared_from_this();
    timer_.expires_after(limit);
    timer_.async_wait([self](error_code stopped) {
        if (!stopped) self->finish(asio::error::timed_out);
    });
    look_up(place);
    while (!finished_)
        co_await done_.wait();
    co_return outcome_;
}

void TcpAttempt::look_up(const HostPort& place) {
    resolver_.async_resolve(
        place.host, std::to_string(place.port), Resolver::numeric_service,
        [self = shared_from_this()](error_code failed, const Resolver::results_type& addresses) {
            if (self->finished_) return;
            if (failed) return self->finish(failed);
            self->connect(addresses);
        });
}

void TcpAttempt::connect(const Resolver::results_type& addresses) {
    asio::async_connect(socket_, addresses,
                        [self = shared_from_this()](error_code failed, const Tcp::endpoint&) {
                            self->finish(failed);
                        });
}

void TcpAttempt::finish(error_code outcome) {
    if (finished_) return;
    finished_ = true;
    outcome_ = outcome;
    error_code ignored;
    timer_.cancel();
    resolver_.cancel();
    socket_.close(ignored);
    done_.notify();
}

}  // namespace shadowcat::pool
