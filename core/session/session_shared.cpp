// SPDX-License-Identifier: Apache-2.0
// A session on a link that it shares: what the proxy answers in the server's place.
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/mcp/revisions.hpp"
#include "core/session/session.hpp"

#include <nlohmann/json.hpp>

namespace shadowcat::core {

bool Session::subscribed_to(std::string_view uri) const { return memory_.subscribed_to(uri); }

std::optional<sdk::Message> Session::answer_for_shared(const sdk::Message& request) {
    if (!is_shared()) return std::nullopt;
    const std::string uri(request.name());
    switch (mcp::method(request.method()).when_shared) {
        case mcp::WhenShared::answer:
            return request.method() == "initialize" ? answer_initialize(request)
                                                    : sdk::make_result(request.id(), "{}");
        case mcp::WhenShared::subscribe:
            if (memory_.subscribe(uri)) return std::nullopt;
            return sdk::make_error(request.id(), sdk::json_rpc::kInternalError,
                                   "too many subscriptions in one session");
        case mcp::WhenShared::unsubscribe:
            memory_.unsubscribe(uri);
            if (upstream_->shared().subscribers(uri) == 0) return std::nullopt;
            return sdk::make_result(request.id(), "{}");
        default:
            return std::nullopt;
    }
}

/// The server was asked once, by the proxy; every client gets that answer, with the older of the
/// revision it asked for and the one the server speaks.
sdk::Message Session::answer_initialize(const sdk::Message& request) {
    auto result = nlohmann::json::parse(upstream_->shared().initialize_result());
    const std::string spoken = result.value("protocolVersion", std::string(mcp::kNewestLegacy));
    const std::string asked(request.protocol_version());
    revision_ = mcp::is_legacy(asked) ? std::string(mcp::older(asked, spoken)) : spoken;
    result["protocolVersion"] = revision_;
    remember_capabilities(request);
    memory_.initialize_answered(request.bytes());
    return sdk::make_result(request.id(), result.dump());
}

}  // namespace shadowcat::core
