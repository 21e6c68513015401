// SPDX-License-Identifier: Apache-2.0
// Asio's resolver with a way out.
#include "name_lookup.hpp"

namespace shadowcat::otlp {

awaitable<error_code> NameLookup::resolve(std::string host, std::uint16_t port) {
    error_code not_an_address;
    const auto address = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) {
        endpoints_.emplace_back(address, port);
        co_return error_code();
    }
    const auto self = shared_from_this();
    ask(host, port);
    while (!finished_)
        co_await answered_.wait();
    co_return outcome_;
}

void NameLookup::ask(const std::string& host, std::uint16_t port) {
    resolver_.async_resolve(
        host, std::to_string(port), Resolver::numeric_service,
        [self = shared_from_this()](error_code failed, const Resolver::results_type& results) {
            if (self->finished_) return;
            for (const auto& entry : results)
                self->endpoints_.push_back(entry.endpoint());
            self->finish(failed);
        });
}

void NameLookup::finish(error_code outcome) {
    if (finished_) return;
    finished_ = true;
    outcome_ = outcome;
    resolver_.cancel();
    answered_.notify();
}

}  // namespace shadowcat::otlp
