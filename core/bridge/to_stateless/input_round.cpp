// SPDX-License-Identifier: Apache-2.0
// Entries become requests, responses become entries.
#include "core/bridge/to_stateless/input_round.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace json = sdk::json;

namespace {

constexpr std::string_view kElicitation = "elicitation/create";
constexpr std::string_view kUnreadable =
    R"({"code":-32603,"message":"the client refused what the server asked for"})";

sdk::Error asks_wrongly(std::string what) {
    return sdk::upstream_error(sdk::ErrorCode::protocol, "the server asks for " + std::move(what));
}

/// Clients of sessions tell by an id which interaction behind a URL has been completed.
std::string params_for_session(std::string_view params, const std::string& id) {
    const bool url = json::unquote(json::member(params, "mode")) == "url";
    if (!url || !json::member(params, "elicitationId").empty()) return std::string(params);
    return json::with_member(params, "elicitationId", id);
}

}  // namespace

sdk::Result<InputRound> InputRound::begin(std::string_view requests, std::string_view state,
                                          const ClientProfile& client, const NewId& new_id) {
    InputRound round;
    std::string wrong;
    round.state_ = state;
    json::for_each_member(requests, [&](std::string_view key, std::string_view entry) {
        const std::string method = json::unquote(json::member(entry, "method"));
        const std::string_view params = json::member(entry, "params");
        const bool well_formed = params.empty() || json::is_object(params);
        if (!well_formed) wrong = "input with params that are no object";
        if (!client.can_answer(method, params)) wrong = "input that the client did not offer";
        if (round.questions_.size() == kMaxQuestions) wrong = "too much input at a time";
        if (!wrong.empty()) return;
        const std::string id = new_id();
        round.requests_.push_back(sdk::make_request(id, method, params_for_session(params, id)));
        round.questions_.emplace_back(key, id, method == kElicitation);
    });
    const bool odd_state = !state.empty() && !json::is_string(state);
    if (wrong.empty() && odd_state) wrong = "input with a state that is no string";
    if (wrong.empty() && round.questions_.empty() && state.empty()) {
        wrong = "input without saying which";
    }
    if (!wrong.empty()) return asks_wrongly(wrong);
    return round;
}

bool InputRound::awaits(std::string_view id) const noexcept {
    return std::ranges::any_of(
        questions_, [id](const Question& each) { return each.id == id && each.response.empty(); });
}

void InputRound::answer(const sdk::Message& response) {
    const auto asked = std::ranges::find(questions_, response.id(), &Question::id);
    if (asked == questions_.end() || !asked->response.empty()) return;
    if (response.kind() == sdk::MessageKind::result) {
        asked->response = json::without_members(json::member(response.bytes(), "result"),
                                                {"_meta", "resultType"});
    } else if (asked->elicitation) {
        asked->response = R"({"action":"cancel"})";
    } else {
        asked->response = "{}";  // no longer waited for
        const std::string_view error = json::member(response.bytes(), "error");
        failure_ = json::is_object(error) ? error : kUnreadable;
    }
}

std::size_t InputRound::open() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        questions_, [](const Question& each) { return each.response.empty(); }));
}

std::vector<std::string> InputRound::unanswered() const {
    std::vector<std::string> ids;
    for (const Question& each : questions_) {
        if (each.response.empty()) ids.push_back(each.id);
    }
    return ids;
}

std::string InputRound::responses() const {
    if (questions_.empty()) return {};
    std::string text = "{";
    for (const Question& each : questions_) {
        if (text.size() > 1) text += ',';
        text.append(sdk::quote_json(each.key)).append(":").append(each.response);
    }
    return text += '}';
}

std::chrono::milliseconds pause_before_round(std::size_t nth) noexcept {
    constexpr std::chrono::milliseconds kFirst(100), kLongest(5000);
    if (nth <= 1) return std::chrono::milliseconds(0);
    const std::size_t doublings = std::min<std::size_t>(nth - 2, 10);
    return std::min(kFirst * (1U << doublings), kLongest);
}

}  // namespace shadowcat::core
