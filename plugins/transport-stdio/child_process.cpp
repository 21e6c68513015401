// SPDX-License-Identifier: Apache-2.0
// The life of a child from its start to its reaping.
#include "child_process.hpp"

#include "shadowcat/sdk/log.hpp"

#include "resident_memory.hpp"

#include <algorithm>
#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr std::chrono::seconds kKilledPatience(5);  // a process in an uninterruptible call

constexpr int kSignalled = 128;  // as shells have it

constexpr std::chrono::milliseconds kFirstPause(1);
constexpr std::chrono::milliseconds kLongestPause(32);

}  // namespace

ChildProcess::ChildProcess(sdk::Executor executor, ProcessHandle handle, std::string upstream,
                           const ChildMetrics& metrics)
    : handle_(std::move(handle)),
      exit_notice_(executor, handle_.exit_descriptor()),
      exited_(executor),
      upstream_(std::move(upstream)),
      metrics_(metrics) {}

ChildProcess::~ChildProcess() {
    if (!exited()) exit_notice_.release();  // handle_ kills, reaps and closes
}

sdk::awaitable<> ChildProcess::watch() {
    metrics_.started();
    be(ChildState::running);
    sdk::log::info("child started", {{"upstream", upstream_}, {"pid", pid()}});
    // Asio reuses the record of a descriptor while an event of its last owner may be on its way: a
    // wait may complete for nothing.
    while (!handle_.ended()) {
        const auto [failed] = co_await exit_notice_.async_wait(Stream::wait_read, sdk::as_tuple);
        if (failed) break;
    }
    finish();
}

void ChildProcess::finish() {
    exit_notice_.release();
    be(ChildState::stopping);
    status_ = handle_.reap();
    const Ending how = ending();
    metrics_.ended(how);
    log_exit(how);
    exited_.happen();
}

sdk::awaitable<> ChildProcess::end_leftovers(sdk::Duration grace) {
    if (!ladder_ends_) ladder_ends_ = sdk::Clock::now() + grace;
    Leftovers rest(handle_.tag(), pid());
    sdk::Timer timer(exit_notice_.get_executor());
    sdk::Duration pause = kFirstPause;
    bool gone = false, late = false;
    for (;;) {
        const sdk::TimePoint now = sdk::Clock::now();
        gone = rest.gone_after(now < *ladder_ends_ ? SIGTERM : SIGKILL);
        late = now > *ladder_ends_ + kKilledPatience;
        if (gone || late) break;
        timer.expires_after(pause);
        co_await timer.async_wait(sdk::as_tuple);
        pause = std::min<sdk::Duration>(2 * pause, kLongestPause);
    }
    report(rest, gone);
    handle_.leave_family();
    be(ChildState::none);
}

void ChildProcess::report(const Leftovers& rest, bool gone) const {
    if (rest.escaped() > 0) {
        metrics_.escaped(rest.escaped());
        sdk::log::warn("ended what had left the child's process group",
                       {{"upstream", upstream_}, {"pid", pid()}, {"processes", rest.escaped()}});
    }
    if (gone) return;
    sdk::log::error("something that the child started survived SIGKILL",
                    {{"upstream", upstream_}, {"pid", pid()}});
}

void ChildProcess::be(ChildState state) {
    metrics_.changed(state_, state);
    state_ = state;
}

std::size_t ChildProcess::resident_bytes() const {
    return exited() ? 0 : transport_stdio::resident_bytes(handle_.tag());
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
    if (asked_) return;
    asked_ = Ending::closed;
    be(ChildState::stopping);
}

// GCC 12 miscompiles `if (co_await f())`: the result is always named first.
sdk::awaitable<bool> ChildProcess::end(sdk::Duration grace) {
    expect_exit();
    if (!ladder_ends_) ladder_ends_ = sdk::Clock::now() + 2 * grace;
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
    ladder_ends_ = sdk::Clock::now();
    if (exited()) return;
    asked_ = Ending::killed;
    handle_.signal_group(SIGKILL);
}

void ChildProcess::crash() noexcept { signal(SIGKILL); }

void ChildProcess::signal(int number) noexcept {
    if (!exited()) handle_.signal_group(number);
}

std::optional<int> ChildProcess::exit_code() const noexcept {
    const bool forced = asked_ == Ending::terminated || asked_ == Ending::killed;
    if (!exited() || forced || status_.kind() == ExitStatus::Kind::unknown) return std::nullopt;
    const bool signalled = status_.kind() == ExitStatus::Kind::signal;
    return signalled ? kSignalled + status_.value() : status_.value();
}

std::string ChildProcess::label() const {
    return "upstream '" + upstream_ + "' (pid " + std::to_string(pid()) + ")";
}

}  // namespace shadowcat::transport_stdio
