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
        Result<SseEvent> event = co_await next_event(connection);
        if (event.has_error()) co_return event.error();
        if (!event->is_message() || event->data.empty()) continue;
        Result<Message> message = Message::parse(std::move(event->data), limits_);
        if (message.has_value()) co_return message;
        co_return target_.failure(message.error().code(), "an event: " + message.error().message());
    }
}

awaitable<Result<SseEvent>> EventReader::next_event(UpstreamConnection& connection) {
    for (;;) {
        std::string_view unread = std::string_view(connection.body).substr(consumed_);
        const SseParser::Status status = parser_.parse(unread);
        consumed_ = connection.body.size() - unread.size();
        if (status == SseParser::Status::too_large) {
            co_return target_.failure(
                ErrorCode::too_large,
                "an event exceeds the limit of " + std::to_string(limits_.max_bytes) + " bytes");
        }
        if (status == SseParser::Status::event) {
            SseEvent event = std::move(parser_.event());
            if (connection.observed) tell(*connection.observed, event);
            co_return Result<SseEvent>(std::move(event));
        }
        connection.body.clear();
        consumed_ = 0;
        if (connection.complete()) {
            co_return target_.failure(ErrorCode::closed, "the event stream ended");
        }
        Result<void> read = co_await connection.read_body();
        if (read.has_error()) co_return read.error();
    }
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
