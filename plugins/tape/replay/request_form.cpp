// SPDX-License-Identifier: Apache-2.0
// Leaving out what differs from one run to the next.
#include "replay/request_form.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "replay/canonical_json.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace shadowcat::tape {

namespace json = sdk::json;

namespace {

/// Which questions a retry answers (2026-07-28): a retry is never taken for the first attempt.
std::string answered_questions(std::string_view params) {
    const std::string_view responses = json::member(params, "inputResponses");
    if (responses.empty()) return {};
    std::vector<std::string> names;
    json::for_each_member(
        responses, [&](std::string_view name, std::string_view) { names.emplace_back(name); });
    std::ranges::sort(names);
    std::string out = "answers";
    for (const std::string& name : names)
        out.append(1, '\0').append(name);
    return out;
}

}  // namespace

std::string request_form(const sdk::Message& request, MatchMode mode) {
    if (opens_conversation(request.method())) return {};
    const std::string_view params = request.params();
    if (!json::is_object(params)) return params.empty() ? "{}" : canonical_json(params);
    if (mode == MatchMode::strict) return json::without_members(params, {"_meta"});
    return canonical_json(json::without_members(params, {"_meta", "inputResponses"})) +
           answered_questions(params);
}

std::uint64_t request_key(std::string_view method, std::string_view form) {
    std::string whole(method);
    whole.append(1, '\0').append(form);
    return std::hash<std::string>()(whole);
}

bool opens_conversation(std::string_view method) noexcept {
    return method == "initialize" || method == "server/discover" || method == "ping";
}

}  // namespace shadowcat::tape
