// SPDX-License-Identifier: Apache-2.0
// What a client reads when the proxy itself says no.
#pragma once

#include "http_client.hpp"

#include <string>

namespace integration {

/// The whole body of a refusal; `id` stays out where it is null, as it does on the wire.
inline Json refusal(int code, const std::string& message, const std::string& reason,
                    const std::string& source, const Json& id = nullptr) {
    Json body = {{"jsonrpc", "2.0"},
                 {"error",
                  {{"code", code},
                   {"message", message},
                   {"data", {{"gateway", "shadowcat"}, {"reason", reason}, {"source", source}}}}}};
    if (!id.is_null()) body["id"] = id;
    return body;
}

/// Refusals of requests that are the client's fault.
inline Json invalid_request(const std::string& message, const Json& id = nullptr) {
    return refusal(-32600, message, "invalid_request", "downstream", id);
}

}  // namespace integration
