// SPDX-License-Identifier: Apache-2.0
// One keep-alive HTTP/1.1 connection of the load generator, and what waits for many of them.
#pragma once

#include "../wire/buffer.hpp"
#include "../wire/http_reader.hpp"
#include "../wire/sockets.hpp"
#include "clock.hpp"

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace bench {

/// Tells which of many connections have news: edge-triggered epoll, plus an exact alarm.
class Poller {
public:
    Poller();
    void add(int fd, std::size_t token);
    /// The tokens of what is ready, until the deadline at the latest (to the microsecond, thanks
    /// to a timerfd; epoll's own timeout counts in milliseconds).
    std::span<const std::size_t> wait(Time deadline);

private:
    static constexpr std::size_t kAlarm = ~std::size_t{0};

    void set_alarm(Time deadline);

    Descriptor epoll_;
    Descriptor alarm_;
    Time alarm_at_{};
    std::array<epoll_event, 512> events_;
    std::array<std::size_t, 512> tokens_;
};

/// Sends one request at a time and reads its answer; connects when it must. An answer that
/// announces the end of the connection is followed by a new connection; a connection found closed
/// before any byte of an answer, after having served others, is replaced once.
class Connection {
public:
    enum class State { kIdle, kBusy, kAnswered, kFailed };
    /// A request in pieces that live until its answer: nothing is copied, be it 1 MiB.
    using Request = std::array<std::string_view, 4>;

    /// With a poller: `proceed` must be called whenever `token` is ready.
    explicit Connection(const sockaddr_in& address, Poller* poller = nullptr, std::size_t token = 0)
        : address_(address), poller_(poller), token_(token) {}

    /// From any state but kBusy; forgets the answer before.
    void start(const Request& request);
    State proceed();
    /// Gives up: kFailed, and the next request takes a new connection.
    void fail(std::string why);

    State state() const { return state_; }
    HttpHead head() const { return reader_.head(in_); }
    std::string_view body() const { return reader_.body(in_); }
    /// Whether the answer's head has come; its body may still be under way, or never come.
    bool has_head() const {
        return reader_.state() == HttpReader::State::kBody ||
               reader_.state() == HttpReader::State::kComplete;
    }
    const std::string& failure() const { return failure_; }
    int fd() const { return socket_.get(); }
    bool is_sending() const { return next_piece_ < request_.size(); }

private:
    void forget_answer();
    void reconnect();
    bool flush();
    State receive();
    State lost(const char* what);
    State answered();

    sockaddr_in address_;
    Poller* poller_;
    std::size_t token_;
    Descriptor socket_;
    State state_ = State::kIdle;
    Request request_{};
    std::size_t next_piece_ = 4;     ///< What `flush` continues with,
    std::size_t sent_of_piece_ = 0;  ///< and how far it came in that.
    HttpReader reader_{HttpReader::Kind::kResponses};
    Buffer in_;
    bool reused_ = false;  ///< This connection has answered before.
    bool ends_ = false;    ///< It must not be used again.
    std::string failure_;
};

/// Waits for readiness and proceeds once; false when the deadline came first.
bool await_news(Connection& connection, Time deadline);

/// Waits until the answer, a failure, or the deadline (then it has failed, too).
Connection::State await_answer(Connection& connection, Time deadline);

}  // namespace bench
