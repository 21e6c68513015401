// SPDX-License-Identifier: Apache-2.0
// What is known of a message that waits, and what it may become.
#include "breakpoints/paused_message.hpp"

#include <ctime>

namespace shadowcat::intercept {

namespace {

/// As long as the proxy lets messages be; it checks what is sent to it.
constexpr std::size_t kMaxEditedBytes = std::size_t{1} << 30;
constexpr std::size_t kMaxEditedDepth = 1024;

std::string_view kind_name(sdk::MessageKind kind) {
    switch (kind) {
        case sdk::MessageKind::request:
            return "request";
        case sdk::MessageKind::notification:
            return "notification";
        case sdk::MessageKind::result:
            return "result";
        case sdk::MessageKind::error:
            return "error";
    }
    return "";
}

std::string_view kind_in_words(sdk::MessageKind kind) {
    switch (kind) {
        case sdk::MessageKind::request:
            return "a request";
        case sdk::MessageKind::notification:
            return "a notification";
        default:
            return "a response";
    }
}

std::string id_in_words(std::string_view id) {
    return id.empty() ? "no id" : "the id " + std::string(id);
}

std::int64_t count_ms(sdk::Duration duration) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}

/// `2026-11-25T21:31:44.250Z`.
std::string timestamp(std::chrono::system_clock::time_point at) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    const auto whole = std::chrono::system_clock::from_time_t(seconds);
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(at - whole).count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[40];
    std::string out(text, std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts));
    const std::string digits = std::to_string(1000 + rest);
    return out + "." + digits.substr(1) + "Z";
}

}  // namespace

std::string_view name(Ending ending) noexcept {
    switch (ending) {
        case Ending::resumed:
            return "resumed";
        case Ending::dropped:
            return "dropped";
        case Ending::deadline:
            return "deadline";
        case Ending::cancelled:
            return "cancelled";
        case Ending::stopped:
            return "stopped";
    }
    return "";
}

PausedMessage::PausedMessage(sdk::Worker& where, const void* whose, const sdk::Message& message,
                             const sdk::MessageContext& context, const PauseSettings& settings,
                             sdk::TimePoint now)
    : worker(where),
      owner(whose),
      rule(settings.rule),
      session(context.session),
      upstream(context.upstream),
      method(message.is_response() ? context.method : message.method()),
      name(message.is_response() ? context.name : message.name()),
      direction(context.direction),
      kind(message.kind()),
      message_id(message.id()),
      since(std::chrono::system_clock::now()),
      begun(now),
      until(now + settings.deadline),
      at_deadline(settings.at_deadline),
      text(message.bytes()) {}

bool PausedMessage::is_dropped() const noexcept {
    if (ending == Ending::deadline) return at_deadline == PauseSettings::AtDeadline::drop;
    return ending == Ending::dropped;
}

sdk::Result<sdk::Message> parse_edited(const PausedMessage& paused, std::string text) {
    const auto refuse = [](const std::string& why) {
        return sdk::Error(sdk::ErrorCode::invalid_request, why);
    };
    sdk::Result<sdk::Message> edited =
        sdk::Message::parse(std::move(text), sdk::ParseLimits(kMaxEditedBytes, kMaxEditedDepth));
    if (edited.has_error()) return edited.error().within("the edited text is no message");
    const auto was = kind_in_words(paused.kind), is = kind_in_words(edited->kind());
    if (was != is)
        return refuse("the message is " + std::string(was) + ", the edited text " +
                      std::string(is));
    if (edited->id() != paused.message_id)
        return refuse("the message has " + id_in_words(paused.message_id) + ", the edited text " +
                      id_in_words(edited->id()));
    edited->make_single_line();
    return edited;
}

sdk::Json describe(const PausedMessage& paused, sdk::TimePoint now) {
    const bool upwards = paused.direction == sdk::Direction::client_to_server;
    const bool drops = paused.at_deadline == PauseSettings::AtDeadline::drop;
    return {{"id", paused.number},
            {"rule", paused.rule},
            {"session", paused.session},
            {"upstream", paused.upstream},
            {"direction", upwards ? "client_to_server" : "server_to_client"},
            {"kind", kind_name(paused.kind)},
            {"method", paused.method},
            {"name", paused.name},
            {"message_id", paused.message_id},
            {"size", paused.text.size()},
            {"edited", paused.edited.has_value()},
            {"since", timestamp(paused.since)},
            {"waited_ms", count_ms(now - paused.begun)},
            {"deadline_ms", std::max<std::int64_t>(count_ms(paused.until - now), 0)},
            {"at_deadline", drops ? "drop" : "resume"}};
}

}  // namespace shadowcat::intercept
