// SPDX-License-Identifier: Apache-2.0
// Decisions about answers, as tables where they are tables.
#include "upstream_answer.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "media_type.hpp"
#include "text.hpp"
#include "upstream_request.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace shadowcat::http {

namespace {

constexpr std::array<std::string_view, 17> kRepeatable = {
    "initialize",          "ping",
    "tools/list",          "resources/list",
    "resources/read",      "prompts/list",
    "prompts/get",         "resources/templates/list",
    "completion/complete", "logging/setLevel",
    "resources/subscribe", "resources/unsubscribe",
    "server/discover",     "subscriptions/listen",
    "tasks/get",           "tasks/update",
    "tasks/cancel"};

/// A step of a conversation that the server may let be taken only once (MCP 2026-07-28, MRTR);
/// answers to a task's questions are exempt.
bool may_count_once(const Message& message) {
    if (message.method() == "tasks/update") return false;
    const std::string_view params = message.params();
    return !json::member(params, "inputResponses").empty() ||
           !json::member(params, "requestState").empty();
}

bool is_event_stream(std::string_view content_type) {
    return equals_ignoring_case(trim(cut(content_type, ';').first), "text/event-stream");
}

/// The host in a Location header, for an operator to recognise; never the path, which may hold
/// secrets.
std::string location_host(std::string_view location) {
    const auto scheme_end = location.find("://");
    if (scheme_end == std::string_view::npos) return "the same host";
    location.remove_prefix(scheme_end + 3);
    const std::string_view authority = location.substr(0, location.find_first_of("/?#"));
    return std::string(authority.substr(authority.find('@') + 1));
}

Error refusal(const UpstreamTarget& target, const ResponseHead& head, bool in_session) {
    const std::string answered = "answered " + std::to_string(head.status);
    switch (head.status) {
        case 401:
        case 403:
            return target.failure(ErrorCode::protocol, answered + ": it wants other credentials");
        case 404:
            if (!in_session) break;
            return target.failure(ErrorCode::unknown_session,
                                  answered + ": it has ended the session");
        case 429:
        case 502:
        case 503:
        case 504:
            return target.failure(ErrorCode::unavailable, answered);
        default:
            break;
    }
    if (head.status / 100 != 3) return target.failure(ErrorCode::protocol, answered);
    return target.failure(ErrorCode::protocol,
                          answered + ", a redirect to " + location_host(head.location) +
                              ", which is not followed; configure the final url");
}

AnswerVerdict failure(const UpstreamTarget& target, const std::string& what) {
    return AnswerVerdict(AnswerForm::failure, target.failure(ErrorCode::protocol, what));
}

/// Where the value of the member `id` of a JSON object begins, or npos.
std::size_t find_id_value(std::string_view json) {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char c = json[at];
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        if (c != '"') continue;
        const std::size_t begin = at;
        for (++at; json[at] != '"'; ++at)
            at += json[at] == '\\';
        const std::size_t after = json.find_first_not_of(" \t\r\n", at + 1);
        if (depth == 1 && json[after] == ':' && json.substr(begin, at + 1 - begin) == "\"id\"") {
            return json.find_first_not_of(" \t\r\n", after + 1);
        }
    }
    return std::string_view::npos;
}

}  // namespace

AnswerVerdict judge_answer(const UpstreamTarget& target, const ResponseHead& head,
                           bool in_session) {
    const bool json = is_json_content(head.content_type);
    if (!head.content_encoding.empty()) {
        return failure(target, "answered with Content-Encoding " + head.content_encoding +
                                   ", which was not asked for");
    }
    if (!head.is_success()) {
        Error error = refusal(target, head, in_session);
        const bool about_the_request = head.status / 100 == 4 && head.status != 401 &&
                                       head.status != 403 && error.code() == ErrorCode::protocol;
        return AnswerVerdict(
            json && about_the_request ? AnswerForm::json_refusal : AnswerForm::failure,
            std::move(error));
    }
    if (head.status == 202 || head.status == 204) {
        return failure(target, "answered " + std::to_string(head.status) + " to a request");
    }
    if (json) return AnswerVerdict(AnswerForm::json);
    if (is_event_stream(head.content_type)) return AnswerVerdict(AnswerForm::events);
    return failure(target, head.content_type.empty()
                               ? std::string("answered without a Content-Type")
                               : "answered with Content-Type " + head.content_type +
                                     ", neither JSON nor an event stream");
}

bool may_be_older(const ResponseHead& head) {
    return head.status == 400 || head.status == 404 || head.status == 405;
}

std::optional<Error> judge_acceptance(const UpstreamTarget& target, const ResponseHead& head,
                                      bool in_session) {
    if (head.is_success()) return std::nullopt;
    return refusal(target, head, in_session);
}

Result<Message> read_answer(const UpstreamTarget& target, std::string body, std::string_view id,
                            const ParseLimits& limits) {
    Result<Message> message = Message::parse(std::move(body), limits);
    if (message.has_error()) {
        const bool large = message.error().code() == ErrorCode::too_large;
        return target.failure(large ? ErrorCode::too_large : ErrorCode::protocol,
                              "the answer: " + message.error().message());
    }
    if (!message->is_response()) {
        return target.failure(ErrorCode::protocol, "the answer is no JSON-RPC response");
    }
    if (message->id() == id) return message;
    if (!message->id().empty()) {
        return target.failure(ErrorCode::protocol, "the answer has another id than the request");
    }
    return with_id(*message, id);
}

Result<Message> with_id(const Message& message, std::string_view id) {
    std::string text = message.bytes();
    const std::size_t value = find_id_value(text);
    if (value != std::string::npos) {
        text.replace(value, std::string_view("null").size(), id);
    } else {
        text.insert(text.find('{') + 1, "\"id\":" + std::string(id) + ",");
    }
    return Message::parse(std::move(text), ParseLimits(text.size() + id.size() + 16, 1024));
}

std::string negotiated_revision(const Message& response) {
    const auto json = nlohmann::json::parse(response.bytes(), nullptr, false);
    const auto path = nlohmann::json::json_pointer("/result/protocolVersion");
    if (json.is_discarded() || !json.contains(path) || !json.at(path).is_string()) return {};
    std::string revision = json.at(path).get<std::string>();
    return is_header_token(revision) ? revision : std::string();
}

std::string describe_error_body(const std::string& body) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    const auto path = nlohmann::json::json_pointer("/error/code");
    if (json.is_discarded() || !json.contains(path) || !json.at(path).is_number_integer())
        return {};
    return " with JSON-RPC error " + std::to_string(json.at(path).get<std::int64_t>());
}

bool may_be_repeated(const Message& message) {
    if (message.is_notification()) return true;
    if (message.method() == "tools/call") return false;  // as most are
    if (std::ranges::find(kRepeatable, message.method()) == kRepeatable.end()) return false;
    return !may_count_once(message);
}

}  // namespace shadowcat::http
