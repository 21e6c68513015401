// SPDX-License-Identifier: Apache-2.0
// A client's HTTP/1.1 connection: sends in pieces, reads by edges, reconnects.
#include "connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bench {
namespace {

constexpr std::size_t kReadAtLeast = 64 * 1024;

}  // namespace

void Connection::start(const Request& request) {
    forget_answer();
    request_ = request;
    next_piece_ = sent_of_piece_ = 0;
    state_ = State::kBusy;
    failure_.clear();
    if (!socket_.is_open()) reconnect();
    if (!flush()) lost("sending");
}

Connection::State Connection::proceed() {
    if (state_ != State::kBusy) {  // it has ended between two requests
        char byte = 0;
        const ssize_t count = ::recv(fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count >= 0 || errno != EAGAIN) ends_ = true;
        return state_;
    }
    if (is_sending() && !flush()) return lost("sending");
    return receive();
}

void Connection::fail(std::string why) {
    failure_ = std::move(why);
    state_ = State::kFailed;
    ends_ = true;
}

void Connection::forget_answer() {
    if (reader_.state() == HttpReader::State::kComplete) reader_.next(in_);
    if (!ends_ && in_.empty()) return;
    socket_.reset();
    in_.clear();
    reader_ = HttpReader(HttpReader::Kind::kResponses);
    reused_ = ends_ = false;
}

void Connection::reconnect() {
    reused_ = ends_ = false;
    socket_ = connect_to(address_);
    if (socket_.is_open() && poller_ != nullptr) poller_->add(fd(), token_);
}

/// False when the connection is broken; whether everything is sent says `is_sending`.
bool Connection::flush() {
    while (is_sending()) {
        std::array<iovec, 4> parts;
        int count = 0;
        for (std::size_t i = next_piece_; i < request_.size(); ++i) {
            const std::size_t skip = i == next_piece_ ? sent_of_piece_ : 0;
            parts[static_cast<std::size_t>(count++)] = {
                const_cast<char*>(request_[i].data()) + skip, request_[i].size() - skip};
        }
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = static_cast<std::size_t>(count);
        const ssize_t sent = ::sendmsg(fd(), &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno == EAGAIN;
        sent_of_piece_ += static_cast<std::size_t>(sent);
        while (is_sending() && sent_of_piece_ >= request_[next_piece_].size())
            sent_of_piece_ -= request_[next_piece_++].size();
    }
    return true;
}

/// Reads until nothing is left: an edge comes only once.
Connection::State Connection::receive() {
    while (true) {
        in_.prepare(std::max(kReadAtLeast, reader_.missing(in_)));
        const ssize_t count = ::recv(fd(), in_.data() + in_.size(), in_.room(), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno == EAGAIN ? state_ : lost("receiving");
        if (count == 0) {
            errno = 0;
            ends_ = true;
            if (reader_.finish() == HttpReader::State::kComplete) return answered();
            return lost("the connection ended before the answer");
        }
        in_.commit(static_cast<std::size_t>(count));
        const HttpReader::State read = reader_.advance(in_);
        if (read == HttpReader::State::kComplete) return answered();
        if (read == HttpReader::State::kFailed) {
            fail("the answer is no HTTP");
            return state_;
        }
    }
}

Connection::State Connection::answered() {
    ends_ = ends_ || is_sending() || head().close;
    reused_ = true;
    state_ = State::kAnswered;
    return state_;
}

Connection::State Connection::lost(const char* what) {
    const int error = errno;
    if (reused_ && in_.empty()) {
        ends_ = true;
        const Request again = request_;
        start(again);
        return state_;
    }
    fail(error == 0 ? std::string(what) : std::string(what) + ": " + std::strerror(error));
    return state_;
}

bool await_news(Connection& connection, Time deadline) {
    pollfd waiting{connection.fd(), POLLIN, 0};
    if (connection.is_sending()) waiting.events |= POLLOUT;
    if (::poll(&waiting, 1, milliseconds_until(deadline)) > 0) {
        connection.proceed();
        return true;
    }
    return Clock::now() < deadline;
}

Connection::State await_answer(Connection& connection, Time deadline) {
    while (connection.state() == Connection::State::kBusy) {
        if (!await_news(connection, deadline)) connection.fail("no answer in time");
    }
    return connection.state();
}

}  // namespace bench
