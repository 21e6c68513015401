// SPDX-License-Identifier: Apache-2.0
// Handshakes without a recording.
#include "replay/stand_in_answers.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::tape {

namespace {

constexpr const char* kStatelessRevision = "2026-07-28";
constexpr const char* kSessionRevision = "2025-11-25";

std::string revision_of(const TapeInit& init) {
    if (!init.revision.empty()) return init.revision;
    return init.era == sdk::Era::stateless ? kStatelessRevision : kSessionRevision;
}

sdk::Json capabilities_shown(const ExchangeIndex& index) {
    sdk::Json shown = sdk::Json::object();
    for (const std::string& method : index.methods()) {
        for (const char* area : {"tools", "prompts", "resources", "completion", "logging"}) {
            if (!method.starts_with(std::string(area) + "/")) continue;
            shown[area == std::string_view("completion") ? "completions" : area] =
                sdk::Json::object();
        }
        if (method == "resources/subscribe") shown["resources"]["subscribe"] = true;
    }
    return shown;
}

sdk::Json server_info() { return {{"name", "shadowcat-replay"}, {"version", "1"}}; }

std::string initialize_result(const Recording& recording) {
    return sdk::Json{{"protocolVersion", revision_of(recording.init)},
                     {"capabilities", capabilities_shown(recording.index)},
                     {"serverInfo", server_info()}}
        .dump();
}

std::string discover_result(const Recording& recording) {
    return sdk::Json{{"resultType", "complete"},
                     {"supportedVersions", {revision_of(recording.init)}},
                     {"capabilities", capabilities_shown(recording.index)},
                     {"ttlMs", 0},
                     {"cacheScope", "private"},
                     {"_meta", {{"io.modelcontextprotocol/serverInfo", server_info()}}}}
        .dump();
}

}  // namespace

std::optional<sdk::Message> other_era_refusal(const sdk::Message& request, const TapeInit& init) {
    const bool sessions = init.era == sdk::Era::session;
    if (sessions && request.method() == "server/discover") {
        return sdk::make_error(request.id(), sdk::json_rpc::kMethodNotFound,
                               "the tape is of a server with sessions");
    }
    if (sessions || request.method() != "initialize") return std::nullopt;
    const sdk::Json data = {{"supported", {revision_of(init)}},
                            {"requested", std::string(request.protocol_version())}};
    return sdk::make_error(request.id(), sdk::json_rpc::kUnsupportedProtocolVersion,
                           "the tape is of a server without sessions", data.dump());
}

std::optional<sdk::Message> stand_in_answer(const sdk::Message& request,
                                            const Recording& recording) {
    if (request.method() == "ping") return sdk::make_result(request.id(), "{}");
    if (request.method() == "initialize")
        return sdk::make_result(request.id(), initialize_result(recording));
    if (request.method() == "server/discover")
        return sdk::make_result(request.id(), discover_result(recording));
    return std::nullopt;
}

}  // namespace shadowcat::tape
