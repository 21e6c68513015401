// SPDX-License-Identifier: Apache-2.0
// Which questions are put again, and with which words.
#include "replay/verify_plan.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <array>

namespace shadowcat::tape {

namespace json = sdk::json;

namespace {

/// Why this exchange isn't asked again; empty when it is. `opened`: the session has had a
/// handshake.
std::string why_skipped(const Recording& recording, const RecordedExchange& exchange,
                        bool call_tools, bool opened) {
    const std::string& method = recording.index.method(exchange);
    if (exchange.listens) return "a stream is not compared";
    if (!exchange.answered) return "the tape has no answer to it";
    if (exchange.redacted_request) return "its request was redacted";
    if (method == "tools/call" && !call_tools) return "not sent without --call-tools";
    if (method.starts_with("tasks/")) return "a task of another session";
    if (method == "initialize" && opened) return "the session is open already";
    return {};
}

sdk::Result<sdk::Message> reparsed(std::string text) {
    const sdk::ParseLimits any(text.size() + 1, 1024);
    return sdk::Message::parse(std::move(text), any);
}

constexpr std::array<std::string_view, 2> kGiven = {"nextCursor", "requestState"};
constexpr std::array<std::string_view, 2> kTaken = {"cursor", "requestState"};

}  // namespace

std::vector<VerifyStep> plan_verification(const Recording& recording, bool call_tools) {
    std::vector<VerifyStep> steps;
    bool opened = false;
    for (std::uint32_t i = 0; i < recording.index.size(); ++i) {
        const RecordedExchange& exchange = recording.index[i];
        steps.emplace_back(i, why_skipped(recording, exchange, call_tools, opened));
        const bool asked = steps.back().skipped.empty();
        opened = opened || (asked && recording.index.method(exchange) == "initialize");
    }
    return steps;
}

void HandedOut::learn(const sdk::Message& recorded, const sdk::Message& live) {
    for (const std::string_view key : kGiven) {
        const std::string_view before = json::at(recorded.bytes(), {"result", key});
        const std::string_view now = json::at(live.bytes(), {"result", key});
        if (!before.empty() && !now.empty()) now_[std::string(before)] = now;
    }
}

sdk::Result<void> HandedOut::renew(std::string& params) const {
    for (const std::string_view key : kTaken) {
        const std::string before(json::member(params, key));
        if (before.empty() || before == "null") continue;
        const auto now = now_.find(before);
        if (now == now_.end()) {
            return sdk::Error(sdk::ErrorCode::unsupported,
                              "the server has handed out no " + std::string(key) + " for it");
        }
        params = json::with_member(params, key, now->second);
    }
    return {};
}

sdk::Result<sdk::Message> renewed_request(const sdk::Message& request, std::uint64_t id,
                                          const HandedOut& handed_out) {
    std::string text = request.bytes();
    if (json::is_object(request.params())) {
        std::string params(request.params());
        const sdk::Result<void> renewed = handed_out.renew(params);
        if (renewed.has_error()) return renewed.error();
        const std::string_view meta = json::member(params, "_meta");
        if (json::is_object(meta)) {
            const std::string kept =
                json::without_members(meta, {"traceparent", "tracestate", "baggage"});
            params = json::with_member(params, "_meta", kept);
        }
        text = json::with_member(text, "params", params);
    }
    sdk::Result<sdk::Message> made = reparsed(std::move(text));
    if (made.has_error()) return made;
    made->set_id(std::to_string(id));
    made->set_progress_token(std::to_string(id));
    return made;
}

sdk::Message RecordedAnswers::answer(const sdk::Message& question) {
    const std::string method(question.method());
    if (method == "ping") return sdk::make_result(question.id(), "{}");
    std::size_t skip = given_[method]++;
    const RecordedAnswer* chosen = nullptr;
    for (const RecordedAnswer& each : recording_.index.answers()) {
        if (each.method != method || each.redacted) continue;
        chosen = &each;
        if (skip-- == 0) break;
    }
    if (chosen != nullptr) {
        sdk::Result<sdk::Message> recorded = recording_.message(chosen->place);
        if (recorded.has_value()) {
            recorded->set_id(question.id());
            return *std::move(recorded);
        }
    }
    return sdk::make_error(question.id(), sdk::json_rpc::kMethodNotFound,
                           "the tape has no answer to " + method);
}

}  // namespace shadowcat::tape
