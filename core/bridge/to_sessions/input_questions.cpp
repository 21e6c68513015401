// SPDX-License-Identifier: Apache-2.0
// Questions in, input requests out; input responses in, answers out.
#include "core/bridge/to_sessions/input_questions.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

namespace json = shadowcat::sdk::json;

void append_request(std::string& text, std::string_view key, std::string_view method,
                    std::string_view params) {
    if (text.size() > 1) text += ',';
    text.append(sdk::quote_json(key)).append(":{\"method\":").append(sdk::quote_json(method));
    if (!params.empty()) text.append(",\"params\":").append(params);
    text += '}';
}

}  // namespace

std::string input_params(std::string_view params) {
    if (!json::is_object(params)) return {};
    std::string kept = json::without_members(params, {"task", "elicitationId"});
    const std::string_view meta = json::member(kept, "_meta");
    if (meta.empty()) return kept;
    const std::string rest = json::without_members(meta, {"progressToken"});
    if (rest == "{}") return json::without_members(kept, {"_meta"});
    return json::with_member(kept, "_meta", rest);
}

bool InputQuestions::add(const sdk::Message& question) {
    const bool twice = std::ranges::count(open_, question.id(), &Question::id) != 0;
    if (twice || open_.size() >= kMax) return false;
    Question& added = open_.emplace_back();
    added.key = "k" + std::to_string(++asked_);
    added.id = question.id();
    added.method = question.method();
    added.params = input_params(question.params());
    return true;
}

void InputQuestions::withdraw(std::string_view id) {
    std::erase_if(open_, [&](const Question& each) { return each.id == id; });
}

std::string InputQuestions::requests() const {
    std::string text = "{";
    for (const Question& each : open_)
        append_request(text, each.key, each.method, each.params);
    return text += '}';
}

bool InputQuestions::well_formed(std::string_view responses) const {
    if (responses.empty()) return true;
    return json::is_object(responses) && std::ranges::all_of(open_, [&](const Question& each) {
               const std::string_view response = json::member(responses, each.key);
               return response.empty() || json::is_object(response);
           });
}

std::vector<sdk::Message> InputQuestions::take_answers(std::string_view responses) {
    std::vector<sdk::Message> answers;
    for (auto each = open_.begin(); each != open_.end();) {
        const std::string_view response = json::member(responses, each->key);
        if (!json::is_object(response)) {
            ++each;
            continue;
        }
        answers.push_back(sdk::make_result(each->id, response));
        each = open_.erase(each);
    }
    return answers;
}

std::vector<sdk::Message> InputQuestions::give_up() {
    std::vector<sdk::Message> answers;
    for (const Question& each : open_) {
        answers.push_back(each.method == "elicitation/create"
                              ? sdk::make_result(each.id, R"({"action":"cancel"})")
                              : sdk::make_error(each.id, sdk::json_rpc::kInternalError,
                                                "the client did not answer in time"));
    }
    open_.clear();
    return answers;
}

std::string url_input_requests(std::string_view elicitations) {
    std::string text = "{";
    unsigned count = 0;
    json::for_each_element(elicitations, [&](std::string_view each) {
        if (!json::is_object(each)) return;
        const std::string params = json::with_member(input_params(each), "mode", "\"url\"");
        append_request(text, "k" + std::to_string(++count), "elicitation/create", params);
    });
    return count == 0 ? std::string() : text += '}';
}

UrlAnswer judge_url_answers(std::string_view requests, std::string_view responses) {
    if (!responses.empty() && !json::is_object(responses)) return UrlAnswer::malformed;
    UrlAnswer answer = UrlAnswer::all_accepted;
    json::for_each_member(requests, [&](std::string_view key, std::string_view) {
        const std::string_view response = json::member(responses, key);
        const std::string action = json::unquote(json::member(response, "action"));
        const bool malformed = !response.empty() && action.empty();
        const UrlAnswer one = malformed            ? UrlAnswer::malformed
                              : response.empty()   ? UrlAnswer::incomplete
                              : action != "accept" ? UrlAnswer::declined
                                                   : UrlAnswer::all_accepted;
        answer = std::max(answer, one);
    });
    return answer;
}

}  // namespace shadowcat::core
