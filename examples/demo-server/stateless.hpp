// SPDX-License-Identifier: Apache-2.0
// Requests of revision 2026-07-28: what they say of themselves in `_meta`, what their results need.
#pragma once

#include "identity.hpp"
#include "json_rpc.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace demo {

inline constexpr int kMissingClientCapability = -32021;
inline constexpr int kUnsupportedVersion = -32022;

/// On what terms a request is served. Those of a session are kept there, not here.
struct Terms {
    bool stateless = false;
    Json client_capabilities = Json::object();
    /// The least level that may be logged; nothing is logged without one.
    std::optional<std::size_t> log_rank;
    /// The client's answers to what an earlier attempt of this request asked.
    Json input_responses = Json::object();
};

/// Whether a request names its revision, or a method that only exists without sessions.
bool is_stateless(const Json& request);
bool names_revision(const Json& request);

/// RpcError where `_meta` lacks something, is malformed or names another revision.
Terms read_terms(const Json& request, Era era);

RpcError unsupported_version(const Json& requested, Era era);
RpcError missing_client_capability(const std::string& capability);

/// Adds what every result has: its type, and who made it.
Json stateless_result(Json result);
/// The same for the answer to `method`, with cache hints where they belong.
Json stateless_result(std::string_view method, const Json& params, Json result);

}  // namespace demo
