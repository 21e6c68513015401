// SPDX-License-Identifier: Apache-2.0
// Connections that send one call after the other, each with an id of its own, and judge the
// answers.
#pragma once

#include "session.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// One connection and the call it is busy with.
struct Caller {
    Caller(const Target& target, Poller& poller, std::size_t token)
        : connection(target.address(), &poller, token) {}

    Connection connection;
    std::string head;  ///< Of each of its requests.
    IdDigits digits;
    std::uint64_t id = 0;
    Time due{};   ///< When the call should have been sent.
    Time sent{};  ///< When it was.
};

/// `--connections` callers with their sessions, what they ask, and what they are told.
class Callers {
public:
    /// Reads `--request`, `--expect`, `--connections`, `--session`, `--timeout`; opens sessions.
    explicit Callers(const Options& options);

    std::size_t size() const { return callers_.size(); }
    Caller& operator[](std::size_t index) { return *callers_[index]; }
    Poller& poller() { return poller_; }

    void send(Caller& caller, Time due, Time now);

    /// After an answer or a failure: what was wrong with it; `detail` says more.
    Fault judge(const Caller& caller, std::string& detail) const;

    /// Gives up calls sent before `now - timeout`.
    void fail_late(Time now);
    nanoseconds timeout() const { return timeout_; }

private:
    Target target_;
    CallText call_;
    Expected expected_;
    nanoseconds timeout_;
    Poller poller_;
    std::vector<std::unique_ptr<Caller>> callers_;
    std::uint64_t next_id_ = CallText::kFirstId;
};

}  // namespace bench
