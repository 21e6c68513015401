// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 around the answers: JSON with its length, events in chunks, an idle stream for GET.
#include "http_connection.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <string>

namespace bench {
namespace {

constexpr std::size_t kRead = 64 * 1024;

std::string_view reason_of(int status) {
    switch (status) {
        case 200:
            return "200 OK";
        case 202:
            return "202 Accepted";
        case 404:
            return "404 Not Found";
        case 405:
            return "405 Method Not Allowed";
        default:
            return "400 Bad Request";
    }
}

/// A header line with a session id that no other process or session has.
std::string session_field() {
    static std::atomic<unsigned> count = 0;
    return "Mcp-Session-Id: bench-" + std::to_string(::getpid()) + "-" + std::to_string(++count) +
           "\r\n";
}

std::string_view number_in(std::array<char, 24>& digits, std::size_t number, int base) {
    char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
    return {digits.data(), static_cast<std::size_t>(end - digits.data())};
}

}  // namespace

bool HttpConnection::proceed() {
    if (is_blocked()) return write_some() && (is_blocked() || !closing_);
    if (!read_some()) return false;
    answer_requests();
    if (!write_some()) return false;
    return !closing_ || is_blocked();
}

bool HttpConnection::read_some() {
    in_.prepare(std::max(kRead, reader_.missing(in_)));
    const ssize_t count = ::recv(fd(), in_.data() + in_.size(), in_.room(), 0);
    if (count > 0) in_.commit(static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

void HttpConnection::answer_requests() {
    while (!closing_ && !in_.empty()) {
        const HttpReader::State state = reader_.advance(in_);
        if (state == HttpReader::State::kFailed) {
            add_head(400, "Connection: close\r\n", 0);
            closing_ = true;
        }
        if (state == HttpReader::State::kBody) continue_if_expected();
        if (state != HttpReader::State::kComplete) return;
        answer_request();
        reader_.next(in_);
        continued_ = false;
    }
}

void HttpConnection::continue_if_expected() {
    if (continued_) return;
    continued_ = true;
    if (header_of(reader_.head(in_).fields, "expect").empty()) return;
    out_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

void HttpConnection::answer_request() {
    const HttpHead head = reader_.head(in_);
    chunked_ = !head.start_line.ends_with("HTTP/1.0");
    closing_ = head.close;
    const std::string_view method = head.first_word();
    if (head.second_word() != "/mcp") return add_head(404, "", 0);
    if (method == "POST") return answer_post();
    if (method == "DELETE") return add_head(200, "", 0);
    if (method == "GET") {  // a stream on which nothing ever happens
        closing_ = false;
        return begin_events();
    }
    add_head(405, "Allow: GET, POST, DELETE\r\n", 0);
}

void HttpConnection::answer_post() {
    const Answer answer = answer_to(reader_.body(in_));
    if (answer.is_empty()) return add_head(202, "", 0);
    if (answer.steps > 0) return add_events(answer);
    const std::string session = answer.opens_session ? session_field() : std::string();
    add_head(answer.status, "Content-Type: application/json\r\n" + session, answer.message.size());
    answer.message.append_to(out_);
}

void HttpConnection::add_head(int status, std::string_view fields, std::size_t length) {
    std::array<char, 24> digits;
    out_.append("HTTP/1.1 ");
    out_.append(reason_of(status));
    out_.append("\r\nContent-Length: ");
    out_.append(number_in(digits, length, 10));
    out_.append("\r\n");
    out_.append(fields);
    if (closing_) out_.append("Connection: close\r\n");
    out_.append("\r\n");
}

/// Progress and answer leave in one write, each as an event and a chunk of its own.
void HttpConnection::add_events(const Answer& answer) {
    begin_events();
    std::array<char, 48> digits;
    for (std::uint64_t step = 1; step <= answer.steps; ++step)
        add_event(progress_message(answer, step, digits));
    add_event(answer.message);
    if (chunked_) out_.append("0\r\n\r\n");
}

void HttpConnection::begin_events() {
    out_.append(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
        "X-Accel-Buffering: no\r\n");
    if (chunked_) out_.append("Transfer-Encoding: chunked\r\n");
    if (closing_ || !chunked_) out_.append("Connection: close\r\n");
    out_.append("\r\n");
}

void HttpConnection::add_event(const Pieces& message) {
    constexpr std::string_view kBefore = "event: message\ndata: ";
    constexpr std::string_view kAfter = "\n\n";
    std::array<char, 24> digits;
    if (chunked_) {
        out_.append(number_in(digits, kBefore.size() + message.size() + kAfter.size(), 16));
        out_.append("\r\n");
    }
    out_.append(kBefore);
    message.append_to(out_);
    out_.append(kAfter);
    if (chunked_) out_.append("\r\n");
}

bool HttpConnection::write_some() {
    while (!out_.empty()) {
        const ssize_t count = ::send(fd(), out_.data(), out_.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno == EAGAIN;
        out_.consume(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace bench
