// SPDX-License-Identifier: Apache-2.0
// HostPort: where to connect to, read from an address or a URL.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::pool {

class HostPort {
public:
    /// `host:port`, `1.2.3.4:port` or `[::1]:port`. Fails with `config`.
    static sdk::Result<HostPort> parse(std::string_view address);

    /// Of an http:// or https:// URL, with the scheme's port if the URL names none. Fails with
    /// `config`.
    static sdk::Result<HostPort> of_url(std::string_view url);

    /// `host:port`, for errors.
    std::string text() const;

    std::string host;  ///< a name or an address, IPv6 without brackets
    std::uint16_t port = 0;

private:
    HostPort(std::string_view at, std::uint16_t number) : host(at), port(number) {}
    static sdk::Result<HostPort> read(std::string_view text, std::uint16_t usual_port);
};

}  // namespace shadowcat::pool
