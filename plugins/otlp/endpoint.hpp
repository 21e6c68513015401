// SPDX-License-Identifier: Apache-2.0
// Endpoint: the base URL of a collector, in the parts that a client needs.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::otlp {

using namespace shadowcat::sdk;

/// `http://collector:4318`, `https://otlp.example/base`. The signal's path (`/v1/traces`) comes
/// after it.
class Endpoint {
public:
    /// Fails with `config`; the message doesn't repeat `text`, which may hold what is secret.
    static Result<Endpoint> parse(std::string_view text);

    /// For logs: scheme, host, port and path.
    std::string display() const;

    bool tls = false;
    std::string host;       ///< to connect to; IPv6 addresses without brackets
    std::string authority;  ///< for the Host header
    std::string path;       ///< what comes before `/v1/…`: empty, or begins with `/`
    std::uint16_t port = 0;

private:
    Endpoint() = default;
    Result<void> read_authority(std::string_view text);
    Result<void> read_path(std::string_view text);
};

}  // namespace shadowcat::otlp
