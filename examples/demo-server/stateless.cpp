// SPDX-License-Identifier: Apache-2.0
// Requests of revision 2026-07-28: what they say of themselves in `_meta`, what their results need.
#include "stateless.hpp"

#include "resources.hpp"
#include "session.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace demo {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
constexpr std::string_view kLogLevelKey = "io.modelcontextprotocol/logLevel";
constexpr std::string_view kServerInfoKey = "io.modelcontextprotocol/serverInfo";

constexpr std::array<std::string_view, 6> kCacheable = {
    "server/discover", "tools/list",     "prompts/list",
    "resources/list",  "resources/read", "resources/templates/list"};

RpcError invalid_meta(std::string_view key, std::string_view expected) {
    return {kInvalidParams, "Invalid params: _meta[\"" + std::string(key) +
                                "\"] is required and must be " + std::string(expected)};
}

const Json& version_of(const Json& request) {
    const Json& meta = meta_of(request);
    const auto version = meta.find(kVersionKey);
    if (version == meta.end() || !version->is_string()) throw invalid_meta(kVersionKey, "a string");
    return *version;
}

const Json& capabilities_of(const Json& request) {
    const Json& meta = meta_of(request);
    const auto capabilities = meta.find(kCapabilitiesKey);
    if (capabilities == meta.end() || !capabilities->is_object()) {
        throw invalid_meta(kCapabilitiesKey, "an object");
    }
    return *capabilities;
}

std::optional<std::size_t> log_rank_of(const Json& request) {
    const Json& meta = meta_of(request);
    if (!meta.contains(kLogLevelKey)) return std::nullopt;
    return log_rank(string_param(meta, kLogLevelKey));
}

Json input_responses_of(const Json& request) {
    const Json& params = params_of(request);
    const auto responses = params.find("inputResponses");
    if (responses == params.end()) return Json::object();
    if (responses->is_object()) return *responses;
    throw RpcError(kInvalidParams, "Invalid params: \"inputResponses\" must be an object");
}

/// The counter may change at any time, and the rest lasts: of lists, subscribers hear.
std::int64_t milliseconds_to_live(const Json& params) {
    return params.value("uri", Json()) == kCounterUri ? 0 : 60'000;
}

}  // namespace

bool names_revision(const Json& request) { return meta_of(request).contains(kVersionKey); }

bool is_stateless(const Json& request) {
    const Json& method = request.at("method");
    return method == "server/discover" || method == "subscriptions/listen" ||
           names_revision(request);
}

Terms read_terms(const Json& request, Era era) {
    const Json& version = version_of(request);
    const Json& capabilities = capabilities_of(request);
    if (version != kStatelessRevision) throw unsupported_version(version, era);
    return {true, capabilities, log_rank_of(request), input_responses_of(request)};
}

RpcError unsupported_version(const Json& requested, Era era) {
    return {kUnsupportedVersion,
            "Unsupported protocol version",
            {{"supported", supported_versions(era)}, {"requested", requested}}};
}

RpcError missing_client_capability(const std::string& capability) {
    Json required = Json::object();
    required[capability] = Json::object();
    return {kMissingClientCapability,
            "Missing required client capability: " + capability,
            {{"requiredCapabilities", std::move(required)}}};
}

Json stateless_result(Json result) {
    if (!result.contains("resultType")) result["resultType"] = "complete";
    result["_meta"][kServerInfoKey] = server_info();
    return result;
}

Json stateless_result(std::string_view method, const Json& params, Json result) {
    if (std::ranges::find(kCacheable, method) != kCacheable.end()) {
        result["ttlMs"] = milliseconds_to_live(params);
        result["cacheScope"] = "public";
    }
    return stateless_result(std::move(result));
}

}  // namespace demo
