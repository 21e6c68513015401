// SPDX-License-Identifier: Apache-2.0
// Bytes from the connection to the parser, events to messages.
#include "event_reader.hpp"

namespace shadowcat::http {

namespace {

constexpr std::size_t kFieldAllowance = 1024;

}  // namespace

EventReader::EventReader(const UpstreamTarget& target, const ParseLimits& limits)
    : target_(target), limits_(limits), parser_(limits.max_bytes + kFieldAllowance) {}

awaitable<Result<Message>> EventReader::next(UpstreamConnection& connection) {
    for (;;) {
        Found<Message> found = find_message(connection);
        if (found) co_return *std::move(found);
        Result<void> read = co_await connection.read_body();
        if (read.has_error()) co_return read.error();
    }
}

awaitable<Result<SseEvent>> EventReader::next_event(UpstreamConnection& connection) {
    for (;;) {
        Found<SseEvent> found = find_event(connection);
        if (found) co_return *std::move(found);
        Result<void> read = co_await connection.read_body();
        if (read.has_error()) co_return read.error();
    }
}

EventReader::Found<Message> EventReader::find_message(UpstreamConnection& connection) {
    for (;;) {
        Found<SseEvent> event = find_event(connection);
        if (!event) return std::nullopt;
        if (event->has_error()) return event->error();
        if (!(*event)->is_message() || (*event)->data.empty()) continue;
        Result<Message> message = Message::parse(std::move((*event)->data), limits_);
        if (message.has_value()) return message;
        return target_.failure(message.error().code(), "an event: " + message.error().message());
    }
}

EventReader::Found<SseEvent> EventReader::find_event(UpstreamConnection& connection) {
    std::string_view unread = std::string_view(connection.body).substr(consumed_);
    const SseParser::Status status = parser_.parse(unread);
    consumed_ = connection.body.size() - unread.size();
    if (status == SseParser::Status::too_large) {
        return target_.failure(
            ErrorCode::too_large,
            "an event exceeds the limit of " + std::to_string(limits_.max_bytes) + " bytes");
    }
    if (status == SseParser::Status::event) {
        SseEvent event = std::move(parser_.event());
        if (connection.observed) tell(*connection.observed, event);
        return Result<SseEvent>(std::move(event));
    }
    connection.body.clear();
    consumed_ = 0;
    if (!connection.complete()) return std::nullopt;
    return target_.failure(ErrorCode::closed, "the event stream ended");
}

void EventReader::tell(ObservedRequest& observed, const SseEvent& event) const {
    const std::string_view id = event.has_id ? last_event_id() : std::string_view();
    observed.got_event(id, event.type, event.data.size(),
                       event.has_retry ? retry_ms() : std::nullopt);
}

void EventReader::restart() {
    parser_.restart();
    consumed_ = 0;
}

}  // namespace shadowcat::http
