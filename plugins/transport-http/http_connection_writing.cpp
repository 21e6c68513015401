// SPDX-License-Identifier: Apache-2.0
// Writing answers, each piece within the write timeout.
#include "buffer_parts.hpp"
#include "cors.hpp"
#include "http_connection.hpp"
#include "refusal_report.hpp"
#include "response_status.hpp"

#include <array>
#include <charconv>

namespace shadowcat::http {

using namespace std::literals;

namespace {

using Buffers = std::span<const asio::const_buffer>;

/// A client that takes less than this per write timeout is cut off.
constexpr std::size_t kPiece = std::size_t{256} * 1024;
constexpr std::size_t kMostBuffers = 4;

/// Some of a list of buffers.
class Piece {
public:
    /// Takes up to `kPiece` bytes from the front of `rest`.
    void take(std::span<asio::const_buffer> rest) {
        count_ = size_ = 0;
        for (asio::const_buffer& buffer : rest) {
            const auto part = asio::buffer(buffer, kPiece - size_);
            if (part.size() == 0) continue;
            parts_[count_++] = part;
            size_ += part.size();
            buffer += part.size();
        }
    }
    std::size_t size() const noexcept { return size_; }
    Buffers buffers() const noexcept { return Buffers(parts_.data(), count_); }

private:
    std::array<asio::const_buffer, kMostBuffers> parts_;
    std::size_t count_ = 0;
    std::size_t size_ = 0;
};

void begin_head(std::string& out, int status) {
    if (status == 200) {
        out.assign("HTTP/1.1 200 OK\r\n"sv);
        return;
    }
    out.assign("HTTP/1.1 "sv).append(std::to_string(status)).append(" "sv);
    out.append(reason_phrase(status)).append("\r\n"sv);
}

void append_length(std::string& out, std::size_t bytes) {
    std::array<char, 24> digits;
    char* const end = std::to_chars(digits.begin(), digits.end(), bytes).ptr;
    out.append("Content-Length: "sv).append(digits.data(), end).append("\r\n"sv);
}

}  // namespace

std::string& HttpConnection::begin_response(int status) {
    state_->metrics.responded(status);
    phase_ = Phase::answering;
    response_begun_ = true;
    closing_ = closing_ || !head_.keep_alive || group_->stopping();
    begin_head(out_, status);
    out_.append(group_->date_field());
    if (closing_) {
        out_.append("Connection: close\r\n"sv);
    } else if (head_.http_1_0) {
        out_.append("Connection: keep-alive\r\n"sv);
    }
    if (origin_allowed_) append_cors_fields(out_, head_);
    return out_;
}

void HttpConnection::prepare_response(int status, std::string_view type, std::string_view body,
                                      std::string_view fields) {
    std::string& out = begin_response(status);
    out.append(fields);
    if (!type.empty()) out.append("Content-Type: "sv).append(type).append("\r\n"sv);
    if (status != 204) append_length(out, body.size());
    out.append("\r\n"sv);
    tell_response(out);
    const bool head_only = head_.method == Method::head;
    response_ = {asio::buffer(out), asio::buffer(body.data(), head_only ? 0 : body.size())};
}

awaitable<bool> HttpConnection::respond(int status, std::string_view type, std::string_view body,
                                        std::string_view fields) {
    prepare_response(status, type, body, fields);
    return send_response();
}

bool HttpConnection::try_send_response() {
    if (lost_) return false;
    const auto [failed, count] = stream_->try_write(response_);  // what failed fails again
    last_write_ = group_->worker().now();
    return take_front(response_, count);
}

awaitable<bool> HttpConnection::refuse(const Refusal& refusal, std::string_view id,
                                       std::string_view method) {
    state_->metrics.refused(refusal.reason);
    report_refusal(*this, refusal, method);
    const Message answer = refusal.answer(id);
    co_return co_await respond(refusal.status, "application/json", answer.bytes(),
                               refusal.extra_fields);
}

awaitable<bool> HttpConnection::write(Buffers buffers) {
    std::array<asio::const_buffer, kMostBuffers> rest;
    std::ranges::copy(buffers.first(std::min(buffers.size(), rest.size())), rest.begin());
    Piece piece;
    for (piece.take(rest); piece.size() > 0 && !lost_; piece.take(rest)) {
        write_deadline_ = after(options_->write_timeout);
        const auto [failed, count] = co_await stream_->write(piece.buffers());
        write_deadline_ = TimePoint::max();
        if (!failed) continue;
        note_lost(failed);
        close();
    }
    last_write_ = group_->worker().now();
    co_return !lost_;
}

awaitable<bool> HttpConnection::write_event(Buffers buffers) {
    while (writing_event_)
        co_await event_written_.wait();
    writing_event_ = true;
    const bool written = co_await write(buffers);
    writing_event_ = false;
    event_written_.notify();
    co_return written;
}

/// Called with `writing_event_` already set.
awaitable<> HttpConnection::ping([[maybe_unused]] Gate::Pass pass) {
    const std::string_view comment = head_.http_1_0 ? ": ping\n\n" : "8\r\n: ping\n\n\r\n";
    std::array<asio::const_buffer, 1> buffers{asio::buffer(comment)};
    co_await write(buffers);
    writing_event_ = false;
    event_written_.notify();
}

}  // namespace shadowcat::http
