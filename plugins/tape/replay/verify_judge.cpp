// SPDX-License-Identifier: Apache-2.0
// Two responses side by side.
#include "replay/verify_judge.hpp"

#include "format/json_difference.hpp"
#include "format/safe_text.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kMostDifferences = 20;

bool by_the_proxy(const sdk::Json& response) {
    const sdk::Json::json_pointer gateway("/error/data/gateway");
    return response.contains(gateway) && response.at(gateway) == "shadowcat";
}

/// What both handed out counts as the same.
void equalise(sdk::Json& recorded, const sdk::Json& live, const char* pointer) {
    const sdk::Json::json_pointer where(pointer);
    if (recorded.contains(where) && live.contains(where) && recorded.at(where).is_string() &&
        live.at(where).is_string())
        recorded.at(where) = live.at(where);
}

/// What was redacted can't be compared: it takes the value of the other side.
void forget_redacted(sdk::Json& recorded, const sdk::Json& live) {
    if (recorded.is_string()) {
        if (live.is_string() &&
            recorded.get_ref<const std::string&>().find("[redacted") != std::string::npos)
            recorded = live;
        return;
    }
    if (recorded.is_object() && live.is_object()) {
        for (auto& [key, value] : recorded.items()) {
            const auto other = live.find(key);
            if (other != live.end()) forget_redacted(value, *other);
        }
    }
    if (!recorded.is_array() || !live.is_array()) return;
    for (std::size_t i = 0; i < std::min(recorded.size(), live.size()); ++i)
        forget_redacted(recorded[i], live[i]);
}

std::string outcome_of(const sdk::Json& response) {
    if (response.contains("result")) return "a result";
    const sdk::Json error = response.value("error", sdk::Json::object());
    const sdk::Json code = error.is_object() ? error.value("code", sdk::Json()) : sdk::Json();
    const sdk::Json text = error.is_object() ? error.value("message", sdk::Json()) : sdk::Json();
    std::string out = "error " + code.dump();
    if (text.is_string()) out += " (" + safe_text(text.get<std::string>(), 200) + ")";
    return out;
}

}  // namespace

std::string_view name(Judgement::Kind kind) noexcept {
    constexpr std::array<std::string_view, 4> kNames = {"ok", "differs", "skipped", "no answer"};
    return kNames[static_cast<std::size_t>(kind)];
}

Judgement judge(const sdk::Message& recorded, const sdk::Message& live, const Ignored& ignored) {
    std::optional<sdk::Json> before = parse_for_display(recorded.bytes());
    std::optional<sdk::Json> now = parse_for_display(live.bytes());
    if (!before || !now) return Judgement(Judgement::Kind::skipped, "nested too deep to compare");
    if (by_the_proxy(*before))
        return Judgement(Judgement::Kind::skipped, "the recorded error is the proxy's own");
    if (before->contains("result") != now->contains("result")) {
        return Judgement(Judgement::Kind::differs, outcome_of(*before) + " → " + outcome_of(*now));
    }
    for (sdk::Json* each : {&*before, &*now}) {
        each->erase("id");
        each->erase("jsonrpc");
    }
    for (const char* pointer : {"/result/nextCursor", "/result/requestState"})
        equalise(*before, *now, pointer);
    forget_redacted(*before, *now);
    Judgement judgement;
    for (const Difference& each : differences(*before, *now, ignored, kMostDifferences))
        judgement.lines.push_back(describe(each));
    if (!judgement.lines.empty()) judgement.kind = Judgement::Kind::differs;
    return judgement;
}

}  // namespace shadowcat::tape
