// SPDX-License-Identifier: Apache-2.0
// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace shadowcat::core {

class BindAddress {
public:
    BindAddress(std::string host_name, std::uint16_t port_number)
        : host(std::move(host_name)), port(port_number) {}

    /// True when only this machine can reach it.
    bool is_loopback() const;

    std::string host;  ///< without brackets
    std::uint16_t port;
};

/// Nothing when `text` is no `HOST:PORT`. An IPv6 address needs brackets.
std::optional<BindAddress> parse_bind_address(const std::string& text);

}  // namespace shadowcat::core
