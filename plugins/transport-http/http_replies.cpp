// SPDX-License-Identifier: Apache-2.0
// The late choice between JSON and an event stream.
#include "http_replies.hpp"

#include "refusal.hpp"
#include "response_status.hpp"

namespace shadowcat::http {

namespace {

Result<void> outcome(bool written) {
    if (written) return Result<void>();
    return downstream_error(ErrorCode::closed, "the client has closed the connection");
}

std::string session_field(std::string_view id) {
    if (id.empty()) return {};
    return std::string("Mcp-Session-Id: ").append(id).append("\r\n");
}

}  // namespace

HttpReplies::HttpReplies(HttpConnection& connection, std::string_view session_id, Era era)
    : connection_(connection),
      events_(connection),
      session_field_(session_field(session_id)),
      era_(era) {
    events_.add_fields(session_field_);
}

awaitable<Result<void>> HttpReplies::write(Message message) {
    return write_event(std::move(message), {});
}

awaitable<Result<void>> HttpReplies::write_event(Message message, std::string_view event_id) {
    const bool stateless = era_ == Era::stateless;
    if (stateless) event_id = std::string_view();
    if (!message.is_response()) return send(std::move(message), event_id);
    const int status = stateless ? status_of_stateless(message) : 200;
    return respond(status, std::move(message), event_id);
}

/// What comes before the response.
awaitable<Result<void>> HttpReplies::send(Message message, std::string_view event_id) {
    if (era_ == Era::stateless && message.is_request()) {
        co_return Error(ErrorCode::unsupported, "clients of this revision take no requests");
    }
    if (responded_ || connection_.lost()) co_return outcome(false);
    message.make_single_line();
    const bool written = co_await events_.send(message.bytes(), false, event_id);
    co_return outcome(written);
}

awaitable<Result<void>> HttpReplies::prime(std::string_view event_id) {
    if (responded_ || connection_.lost()) co_return outcome(false);
    if (era_ == Era::stateless) co_return Result<void>();
    const bool written = co_await events_.prime(event_id);
    co_return outcome(written);
}

awaitable<Result<void>> HttpReplies::fail(Error error, Message response) {
    const int status =
        era_ == Era::stateless ? status_of_stateless(error, response) : status_of(error);
    return respond(status, std::move(response), {});
}

awaitable<Result<void>> HttpReplies::respond(int status, Message response,
                                             std::string_view event_id) {
    if (responded_ || connection_.lost()) co_return outcome(false);
    responded_ = true;
    succeeded_ = response.kind() == MessageKind::result;
    bool written = false;
    if (events_.is_open()) {
        response.make_single_line();
        written = co_await events_.send(response.bytes(), true, event_id);
    } else {
        written = try_send_body(status, response);
        if (!written) written = co_await connection_.send_response();
    }
    co_return outcome(written);
}

bool HttpReplies::try_send_body(int status, const Message& response) {
    status_ = status;
    std::string_view fields = succeeded_ ? session_field_ : std::string_view();
    if (status == 503) fields = kRetryAfter;
    connection_.prepare_response(status, "application/json", response.bytes(), fields);
    return connection_.try_send_response();
}

awaitable<> HttpReplies::begin() {
    const bool due = !responded_ && !events_.is_open() && !connection_.lost();
    if (due) co_await events_.open();
}

awaitable<> HttpReplies::finish() {
    if (is_open()) co_await events_.close();
}

awaitable<Result<void>> ListenReplies::write(Message message) {
    return write_event(std::move(message), {});
}

awaitable<Result<void>> ListenReplies::write_event(Message message, std::string_view event_id) {
    if (responded_) co_return outcome(false);
    responded_ = message.is_response();
    message.make_single_line();
    const bool written = co_await events_.send(message.bytes(), responded_, event_id);
    co_return outcome(written);
}

awaitable<Result<void>> ListenReplies::prime(std::string_view event_id) {
    const bool written = co_await events_.prime(event_id);
    co_return outcome(written);
}

awaitable<Result<void>> ListenReplies::fail(Error, Message response) {
    return write_event(std::move(response), {});
}

}  // namespace shadowcat::http
