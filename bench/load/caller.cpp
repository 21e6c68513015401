// SPDX-License-Identifier: Apache-2.0
// Sends calls over many connections and judges what comes back.
#include "caller.hpp"

namespace bench {
namespace {

constexpr const char* kLate = "no answer in time";

std::vector<std::string> expected_texts(const Options& options) {
    if (options.all("--expect").empty()) throw UsageError("--expect is missing; see --help");
    return options.all("--expect");
}

std::uint64_t connections_of(const Options& options) {
    const std::uint64_t count = options.count("--connections");
    if (count >= 1 && count <= 20'000) return count;
    throw UsageError("--connections must be 1 to 20000");
}

}  // namespace

Callers::Callers(const Options& options)
    : target_(options),
      call_(CallText::from_file(options.text("--request"))),
      expected_(expected_texts(options)),
      timeout_(seconds_of(options.number("--timeout", 10))) {
    const SessionMode mode = session_mode(options);
    const std::uint64_t count = connections_of(options);
    allow_many_descriptors();
    std::string session;
    for (std::size_t i = 0; i < count; ++i) {
        callers_.push_back(std::make_unique<Caller>(target_, poller_, i));
        Caller& caller = *callers_.back();
        const bool opens = mode == SessionMode::kEach || (mode == SessionMode::kAuto && i == 0);
        if (opens) session = open_session(caller.connection, target_, Clock::now() + timeout_);
        caller.head = target_.head("POST", session, call_.size());
    }
}

void Callers::send(Caller& caller, Time due, Time now) {
    caller.id = next_id_++;
    caller.due = due;
    caller.sent = now;
    caller.connection.start(
        {caller.head, call_.before(), caller.digits.set(call_, caller.id), call_.after()});
}

Fault Callers::judge(const Caller& caller, std::string& detail) const {
    const Connection& connection = caller.connection;
    if (connection.state() != Connection::State::kAnswered) {
        detail = connection.failure();
        return detail == kLate ? Fault::kLate : Fault::kLost;
    }
    const int status = connection.head().status();
    const Fault fault = status != 200
                            ? Fault::kStatus
                            : expected_.judge(connection.body(), call_.has_id() ? caller.id : 0);
    if (fault != Fault::kNone) {
        detail = "status " + std::to_string(status) + ", id " + std::to_string(caller.id) +
                 " asked: " + excerpt(connection.body());
    }
    return fault;
}

void Callers::fail_late(Time now) {
    for (const auto& caller : callers_) {
        if (caller->connection.state() == Connection::State::kBusy && now - caller->sent > timeout_)
            caller->connection.fail(kLate);
    }
}

}  // namespace bench
