// SPDX-License-Identifier: Apache-2.0
// HostLookup: resolves a host name without ever waiting longer than it was told to.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// One look-up. `getaddrinfo` can't be interrupted, so the waiter leaves and the answer, when it
/// comes at last, is dropped. Addresses are recognised without a look-up.
class HostLookup : public std::enable_shared_from_this<HostLookup> {
public:
    using Endpoints = std::vector<asio::ip::tcp::endpoint>;

    explicit HostLookup(const Executor& executor) : resolver_(executor), timer_(executor) {}

    /// Once per object, which a `shared_ptr` must hold.
    awaitable<error_code> resolve(std::string host, std::uint16_t port, Duration limit);

    /// Ends `resolve` with `operation_aborted`.
    void cancel() { finish(asio::error::operation_aborted); }

    const Endpoints& endpoints() const noexcept { return endpoints_; }

private:
    using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;

    void start(const std::string& host, std::uint16_t port, Duration limit);
    void finish(error_code outcome);

    Resolver resolver_;
    Timer timer_;
    Wakeup done_;
    Endpoints endpoints_;
    error_code outcome_;
    bool finished_ = false;
};

}  // namespace shadowcat::http
