// SPDX-License-Identifier: Apache-2.0
// Events as chunks: one gather write each, the head with the first and the end with the last.
#include "event_stream.hpp"

#include "sse_codec.hpp"

#include <array>
#include <charconv>

namespace shadowcat::http {

namespace {

constexpr std::string_view kLastChunk = "0\r\n\r\n";

void append_hex(std::string& out, std::size_t number) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    out.append(digits.data(), end);
}

}  // namespace

void EventStream::append_head(std::string& out) {
    open_ = true;
    const bool chunked = !connection_.head().http_1_0;
    if (!chunked) connection_.close_after_response();
    out.append(connection_.begin_response(200)).append(fields_);
    out.append(
        "Content-Type: text/event-stream\r\n"
        "Cache-Control: no-cache\r\n"
        "X-Accel-Buffering: no\r\n");
    out.append(chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
    connection_.set_streaming(true);
}

awaitable<bool> EventStream::open() {
    scratch_.clear();
    append_head(scratch_);
    return write(scratch_, {}, {});
}

awaitable<bool> EventStream::send(std::string_view json, bool last) {
    const bool chunked = !connection_.head().http_1_0;
    scratch_.clear();
    if (!open_) append_head(scratch_);
    if (chunked) {
        append_hex(scratch_, sse::kMessagePrefix.size() + json.size() + sse::kEventEnd.size());
        scratch_.append("\r\n");
    }
    scratch_.append(sse::kMessagePrefix);
    if (last) closed_ = true;
    if (!chunked) return write(scratch_, json, sse::kEventEnd);
    return write(scratch_, json, last ? "\n\n\r\n0\r\n\r\n" : "\n\n\r\n");
}

awaitable<bool> EventStream::close() {
    scratch_.clear();
    if (!open_) append_head(scratch_);
    if (!closed_ && !connection_.head().http_1_0) scratch_.append(kLastChunk);
    closed_ = true;
    return write(scratch_, {}, {});
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
