// SPDX-License-Identifier: Apache-2.0
// Name resolution on Asio's resolver thread, with a way out.
#include "host_lookup.hpp"

namespace shadowcat::http {

awaitable<error_code> HostLookup::resolve(std::string host, std::uint16_t port, Duration limit) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        endpoints_.emplace_back(address, port);
        co_return error_code();
    }
    const auto self = shared_from_this();
    start(host, port, limit);
    while (!finished_)
        co_await done_.wait();
    co_return outcome_;
}

void HostLookup::start(const std::string& host, std::uint16_t port, Duration limit) {
    resolver_.async_resolve(
        host, std::to_string(port), Resolver::numeric_service,
        [self = shared_from_this()](error_code failed, const Resolver::results_type& results) {
            if (self->finished_) return;
            for (const auto& entry : results)
                self->endpoints_.push_back(entry.endpoint());
            self->finish(failed);
        });
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this()](error_code stopped) {
        if (!stopped) self->finish(asio::error::timed_out);
    });
}

void HostLookup::finish(error_code outcome) {
    if (finished_) return;
    finished_ = true;
    outcome_ = outcome;
    timer_.cancel();
    resolver_.cancel();
    done_.notify();
}

}  // namespace shadowcat::http
