// SPDX-License-Identifier: Apache-2.0
// The turns of a call.
#include "core/bridge/to_sessions/call_dialogue.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "core/bridge/to_sessions/stateless_messages.hpp"
#include "core/mcp/log_severity.hpp"
#include "core/mcp/methods.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace shadowcat::core {

namespace {

namespace json = shadowcat::sdk::json;

constexpr int kUrlElicitationRequired = -32042;  // 2025-11-25 only
constexpr std::string_view kNoId = "0";          // replaced by the client's

}  // namespace

Attendance::Attendance(const sdk::Message& request)
    : id(request.id()),
      progress_token(request.progress_token()),
      severity(log_severity(request.log_level())) {}

CallDialogue::CallDialogue(const sdk::Message& request, const DeclaredInput& input)
    : method_(request.method()),
      takes_questions_(may_ask_for_input(request.method())),
      input_(input) {}

void CallDialogue::begin(const ServerFacts& server, std::string session_id) {
    server_ = &server;
    session_id_ = std::move(session_id);
}

void CallDialogue::hear(sdk::Message message) {
    if (over_) return;
    heard_ = true;
    if (message.is_request()) return hear_question(message);
    if (message.method() == "notifications/cancelled") {
        return questions_.withdraw(message.cancelled_id());
    }
    const bool last = message.is_response();
    if (!last && queue_.size() >= kMaxHeld) return;
    over_ = last;
    queue_.emplace_back().message = std::move(message);
}

void CallDialogue::hear_question(const sdk::Message& question) {
    const std::string missing = input_.missing_for(question);
    if (takes_questions_ && missing.empty()) {
        collected_ = false;
        if (questions_.add(question)) return;
        for_server_.push_back(sdk::make_error(question.id(), sdk::json_rpc::kInternalError,
                                              "too many questions at a time, or one asked twice"));
        return;
    }
    for_server_.push_back(refusal_of(question, takes_questions_));
    const bool tell_client = takes_questions_ && missing != "{}" && !spoken_ && rounds_ == 0;
    if (!tell_client) return;
    cancel();
    conclude(sdk::json_rpc::kMissingClientCapability,
             "the server asks for input that the client has not declared",
             R"({"requiredCapabilities":)" + missing + "}");
}

/// Ends the call with an error of the bridge.
void CallDialogue::conclude(int code, std::string_view text, std::string_view data) {
    over_ = true;
    Saying& saying = queue_.emplace_back();
    saying.message = sdk::make_error(kNoId, code, text, data);
    saying.own = true;
}

void CallDialogue::cancel() {
    if (over_ || session_id_.empty()) return;
    for_server_.push_back(
        sdk::make_notification("notifications/cancelled", R"({"requestId":)" + session_id_ + "}"));
}

void CallDialogue::fail(const sdk::Error& error) {
    if (over_) return;
    over_ = true;
    queue_.emplace_back().error = error;
}

void CallDialogue::withdraw() {
    cancel();
    over_ = true;
    queue_.clear();
}

void CallDialogue::resume(std::string_view input_responses, const DeclaredInput& input) {
    input_ = input;
    std::vector<sdk::Message> answers = questions_.take_answers(input_responses);
    if (!over_) std::ranges::move(answers, std::back_inserter(for_server_));
    collected_ = false;
    spoken_ = false;
}

void CallDialogue::give_up() {
    std::vector<sdk::Message> answers = questions_.give_up();
    if (over_) return;
    std::ranges::move(answers, std::back_inserter(for_server_));
    cancel();
    over_ = true;
}

CallDialogue::Step CallDialogue::next(const Attendance& client) {
    while (!queue_.empty()) {
        Saying saying = std::move(queue_.front());
        queue_.pop_front();
        const bool ends = saying.error || saying.own || saying.message.is_response();
        if (ends) return last(std::move(saying), client);
        std::optional<sdk::Message> message = for_client(std::move(saying.message), client);
        if (!message) continue;
        spoken_ = true;
        Step step(Step::Kind::say);
        step.message = *std::move(message);
        return step;
    }
    if (over_) return Step(Step::Kind::leave);
    if (questions_.empty() || !collected_) return Step(Step::Kind::wait);
    Step step(Step::Kind::ask);
    step.questions = questions_.requests();
    return step;
}

/// A notification of the server, if it is for this client.
std::optional<sdk::Message> CallDialogue::for_client(sdk::Message message,
                                                     const Attendance& client) const {
    if (message.method() == "notifications/progress") {
        if (client.progress_token.empty() || message.progress_token() != session_id_) {
            return std::nullopt;
        }
        message.set_progress_token(client.progress_token);
        return message;
    }
    if (message.method() == "notifications/message") {
        const auto severity = log_severity(json::unquote(json::member(message.params(), "level")));
        const bool wanted = client.severity && severity && *severity >= *client.severity;
        return wanted ? std::optional(std::move(message)) : std::nullopt;
    }
    const bool unknown = mcp::method(message.method()).name.empty();
    return unknown ? std::optional(std::move(message)) : std::nullopt;
}

CallDialogue::Step CallDialogue::last(Saying saying, const Attendance& client) {
    if (saying.error) {
        Step step(Step::Kind::fail);
        step.error = std::move(saying.error);
        return step;
    }
    if (!saying.own) return response(saying.message, client);
    Step step(Step::Kind::answer);
    step.message = std::move(saying.message);
    step.message.set_id(client.id);
    return step;
}

CallDialogue::Step CallDialogue::response(const sdk::Message& message, const Attendance& client) {
    const bool wants_visits =
        takes_questions_ && sdk::error_code_of(message) == kUrlElicitationRequired;
    if (wants_visits) return visit_urls(message, client);
    Step step(Step::Kind::answer);
    step.message = to_stateless(message, client.id, method_, *server_);
    return step;
}

CallDialogue::Step CallDialogue::visit_urls(const sdk::Message& error, const Attendance& client) {
    Step step(Step::Kind::ask_urls);
    step.questions = url_input_requests(json::at(error.bytes(), {"error", "data", "elicitations"}));
    if (input_.urls && !step.questions.empty()) return step;
    step.kind = Step::Kind::answer;
    step.message =
        input_.urls
            ? to_stateless(error, client.id, method_, *server_)
            : sdk::make_error(client.id, sdk::json_rpc::kMissingClientCapability,
                              "the server asks for visits to URLs, which the client "
                              "has not declared",
                              R"({"requiredCapabilities":)" + std::string(kUrlElicitation) + "}");
    return step;
}

}  // namespace shadowcat::core
