// SPDX-License-Identifier: Apache-2.0
// ExporterOptions: the keys that both sinks share: where to send, how, and as whom.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"

#include "endpoint.hpp"
#include "tls_trust.hpp"

#include <map>
#include <optional>
#include <string>

namespace shadowcat::otlp {

class ExporterOptions {
public:
    static sdk::Schema schema();

    /// Throws `std::invalid_argument` naming the key that can't be used.
    explicit ExporterOptions(const sdk::Json& config);

    Endpoint endpoint;
    std::optional<TlsTrust> trust;  ///< for https
    std::string header_lines;       ///< `Name: value\r\n` for each of `headers`
    sdk::Duration timeout;
    std::string service_name;
    std::map<std::string, std::string> resource_attributes;
};

}  // namespace shadowcat::otlp
