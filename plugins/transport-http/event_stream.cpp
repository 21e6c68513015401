// SPDX-License-Identifier: Apache-2.0
// Events as chunks: one gather write each, the head with the first and the end with the last.
#include "event_stream.hpp"

#include "sse_codec.hpp"
#include "text.hpp"

#include <array>
#include <charconv>

namespace shadowcat::http {

namespace {

constexpr std::string_view kIdPrefix = "id: ";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

void append_chunk_size(std::string& out, std::size_t number) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    out.append(digits.data(), end).append("\r\n");
}

}  // namespace

void EventStream::append_head(std::string& out) {
    open_ = true;
    if (!is_chunked()) connection_.close_after_response();
    out.append(connection_.begin_response(200)).append(fields_);
    out.append(
        "Content-Type: text/event-stream\r\n"
        "Cache-Control: no-cache\r\n"
        "X-Accel-Buffering: no\r\n");
    out.append(is_chunked() ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
    connection_.tell_response(out);
    connection_.set_streaming(true);
}

/// MCP 2025-11-25, basic/transports: an event with an id and empty data.
void EventStream::append_priming(std::string& out) {
    std::string event;
    const std::string id = std::exchange(priming_id_, std::string());
    tell_event(id, {}, 0);
    sse::append_priming(event, id);
    if (is_chunked()) append_chunk_size(out, event.size());
    out.append(event);
    if (is_chunked()) out.append("\r\n");
}

void EventStream::tell_event(std::string_view id, std::string_view name, std::size_t bytes) {
    ObservedExchange* observed = connection_.observed();
    if (observed) observed->tell_event(connection_.group().worker(), id, name, bytes);
}

/// What is due before the next event.
std::string EventStream::begin_text() {
    std::string text;
    if (!open_) append_head(text);
    if (!priming_id_.empty()) append_priming(text);
    return text;
}

awaitable<bool> EventStream::open() {
    const std::string text = begin_text();
    co_return co_await write(text, std::string_view(), std::string_view());
}

awaitable<bool> EventStream::prime(std::string_view id) {
    if (is_event_id(id)) priming_id_ = id;
    if (!open_ || closed_) co_return !connection_.lost();
    const std::string text = begin_text();
    co_return co_await write(text, std::string_view(), std::string_view());
}

awaitable<bool> EventStream::send(std::string_view json, bool last, std::string_view id) {
    std::string text = begin_text();
    const bool named = is_event_id(id);
    tell_event(named ? id : std::string_view(), "message", json.size());
    if (is_chunked()) {
        const std::size_t id_line = named ? kIdPrefix.size() + id.size() + 1 : 0;
        append_chunk_size(
            text, id_line + sse::kMessagePrefix.size() + json.size() + sse::kEventEnd.size());
    }
    if (named) text.append(kIdPrefix).append(id).append("\n");
    text.append(sse::kMessagePrefix);
    if (last) closed_ = true;
    if (!is_chunked()) co_return co_await write(text, json, sse::kEventEnd);
    const std::string_view after = last ? "\n\n\r\n0\r\n\r\n" : "\n\n\r\n";
    co_return co_await write(text, json, after);
}

awaitable<bool> EventStream::announce(std::string_view type, std::string_view data) {
    std::string text = begin_text();
    tell_event({}, type, data.size());
    std::string event("event: ");
    event.append(type).append("\ndata: ").append(data).append(sse::kEventEnd);
    if (is_chunked()) append_chunk_size(text, event.size());
    const std::string_view after = is_chunked() ? "\r\n" : "";
    co_return co_await write(text, event, after);
}

awaitable<bool> EventStream::close() {
    std::string text = begin_text();
    if (!closed_ && is_chunked()) text.append(kLastChunk);
    closed_ = true;
    co_return co_await write(text, std::string_view(), std::string_view());
}

awaitable<bool> EventStream::write(std::string_view before, std::string_view json,
                                   std::string_view after) {
    std::array<asio::const_buffer, 3> buffers{asio::buffer(before), asio::buffer(json),
                                              asio::buffer(after)};
    const bool written = co_await connection_.write_event(buffers);
    if (closed_) connection_.set_streaming(false);
    co_return written;
}

}  // namespace shadowcat::http
