// SPDX-License-Identifier: Apache-2.0
// UpstreamUrl: the parts of an http:// or https:// URL that a client needs.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::http {

using namespace shadowcat::sdk;

class UpstreamUrl {
public:
    /// Fails with `config`, saying what is wrong with `text` but not repeating what may be secret.
    static Result<UpstreamUrl> parse(std::string_view text);

    /// For logs and errors: without the query, which may hold a key.
    std::string display() const;

    bool tls = false;
    std::string host;       ///< to connect to; IPv6 addresses without brackets
    std::string authority;  ///< for the Host header
    std::string target;     ///< path and query
    std::uint16_t port = 0;

private:
    UpstreamUrl() = default;
    Result<void> read_authority(std::string_view text);
};

}  // namespace shadowcat::http
