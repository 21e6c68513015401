// SPDX-License-Identifier: Apache-2.0
// NameLookup: resolves a collector's name, and can be left before the resolver has answered.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace shadowcat::otlp {

using namespace shadowcat::sdk;

/// One look-up. `getaddrinfo` can't be interrupted: who gives up leaves, and the answer is dropped
/// when it comes. So it is shared between the waiter and the resolver's handler.
class NameLookup : public std::enable_shared_from_this<NameLookup> {
public:
    explicit NameLookup(const Executor& executor) : resolver_(executor) {}

    /// Once per object. Addresses are recognised without asking anybody.
    awaitable<error_code> resolve(std::string host, std::uint16_t port);

    /// Ends `resolve` with `operation_aborted`, before this returns.
    void abandon() { finish(asio::error::operation_aborted); }

    const std::vector<asio::ip::tcp::endpoint>& endpoints() const noexcept { return endpoints_; }

private:
    using Resolver = asio::ip::basic_resolver<asio::ip::tcp, Executor>;

    void ask(const std::string& host, std::uint16_t port);
    void finish(error_code outcome);

    Resolver resolver_;
    Wakeup answered_;
    std::vector<asio::ip::tcp::endpoint> endpoints_;
    error_code outcome_;
    bool finished_ = false;
};

}  // namespace shadowcat::otlp
