// SPDX-License-Identifier: Apache-2.0
// The life of a child from its start to its reaping.
#include "child_process.hpp"

#include "shadowcat/sdk/log.hpp"

#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr std::chrono::seconds kKilledPatience(5);  // a process in an uninterruptible call

}  // namespace

ChildProcess::ChildProcess(sdk::Executor executor, ProcessHandle handle, std::string upstream,
                           const ChildMetrics& metrics)
    : handle_(std::move(handle)),
      pidfd_(executor, handle_.pidfd()),
      exited_(executor),
      upstream_(std::move(upstream)),
      metrics_(metrics) {}

ChildProcess::~ChildProcess() {
    if (!exited()) pidfd_.release();  // handle_ kills, reaps and closes
}

sdk::awaitable<> ChildProcess::watch() {
    metrics_.started();
    sdk::log::info("child started", {{"upstream", upstream_}, {"pid", pid()}});
    co_await pidfd_.async_wait(Stream::wait_read, sdk::as_tuple);
    finish();
}

void ChildProcess::finish() {
    pidfd_.release();
    status_ = handle_.reap();
    const Ending how = ending();
    metrics_.ended(how);
    log_exit(how);
    exited_.happen();
}

Ending ChildProcess::ending() const noexcept {
    if (asked_) return *asked_;
    if (status_.kind() == ExitStatus::Kind::signal) return Ending::signal;
    return status_.success() ? Ending::exit : Ending::failure;
}

void ChildProcess::log_exit(Ending how) const {
    const auto level = asked_ || status_.success() ? sdk::log::Level::info : sdk::log::Level::warn;
    const char* kind = status_.kind() == ExitStatus::Kind::signal ? "signal" : "code";
    sdk::log::write(
        level, "child exited",
        {{"upstream", upstream_}, {"pid", pid()}, {kind, status_.value()}, {"reason", name(how)}});
}

void ChildProcess::expect_exit() noexcept {
    if (!asked_) asked_ = Ending::closed;
}

// GCC 12 miscompiles `if (co_await f())`: the result is always named first.
sdk::awaitable<bool> ChildProcess::end(sdk::Duration grace) {
    expect_exit();
    bool ended = co_await wait_exit(grace);
    if (ended) co_return true;
    escalate(SIGTERM, "SIGTERM", Ending::terminated);
    ended = co_await wait_exit(grace);
    if (ended) co_return true;
    escalate(SIGKILL, "SIGKILL", Ending::killed);
    ended = co_await wait_exit(kKilledPatience);
    if (!ended)
        sdk::log::error("child survived SIGKILL", {{"upstream", upstream_}, {"pid", pid()}});
    co_return ended;
}

void ChildProcess::escalate(int signal, const char* name, Ending ending) {
    sdk::log::warn("child does not end",
                   {{"upstream", upstream_}, {"pid", pid()}, {"sending", name}});
    asked_ = ending;
    handle_.signal_group(signal);
}

void ChildProcess::kill() noexcept {
    if (exited()) return;
    asked_ = Ending::killed;
    handle_.signal_group(SIGKILL);
}

std::string ChildProcess::label() const {
    return "upstream '" + upstream_ + "' (pid " + std::to_string(pid()) + ")";
}

}  // namespace shadowcat::transport_stdio
