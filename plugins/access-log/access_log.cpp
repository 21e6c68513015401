// SPDX-License-Identifier: Apache-2.0
// Begins and ends the thread that writes.
#include "access_log.hpp"

#include "shadowcat/sdk/log.hpp"

#include "record_line.hpp"

#include <pthread.h>

#include <csignal>
#include <system_error>

namespace shadowcat::access_log {

namespace {

using namespace std::chrono_literals;

// Longer than the writer's own `kLastWrites`: only a disk that doesn't answer outlasts it.
constexpr sdk::Duration kFlushLimit = 2s;
constexpr sdk::Duration kLook = 2ms;

/// While it lives new threads begin with every signal blocked: signals are for the workers.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

void write_until_stopped(LogWriter& writer, std::promise<void>& done) {
    ::pthread_setname_np(::pthread_self(), "access-log");
    try {
        writer.run();
    } catch (const std::exception& failure) {
        sdk::log::error("access log ended", {{"error", failure.what()}});
    }
    done.set_value();
}

}  // namespace

AccessLog::AccessLog(const Options& options, const sdk::ExchangeSinkContext& context)
    : worker_(context.worker),
      fields_(options.fields),
      writer_(std::make_shared<LogWriter>(options, context.metrics)) {}

// Only where `stop` wasn't called is there something to wait for.
AccessLog::~AccessLog() {
    if (!thread_.joinable()) return;
    writer_->ask_stop();
    finished_within(kFlushLimit);
    leave_thread();
}

sdk::awaitable<sdk::Result<void>> AccessLog::start() {
    auto opened = writer_->open();
    if (opened.has_error()) co_return opened.error();
    co_return start_thread();
}

sdk::Result<void> AccessLog::start_thread() {
    std::promise<void> done;
    finished_ = done.get_future();
    const SignalsBlocked for_the_thread;
    try {
        thread_ = std::thread([writer = writer_, done = std::move(done)]() mutable {
            write_until_stopped(*writer, done);
        });
    } catch (const std::system_error& failure) {
        return sdk::Error(sdk::ErrorCode::internal,
                          std::string("no thread for the access log: ") + failure.what());
    }
    return {};
}

void AccessLog::on_exchange(const sdk::ExchangeRecord& record) noexcept {
    Line line;
    write_record(record, fields_, line);
    writer_->append(line.view());
}

bool AccessLog::finished_within(sdk::Duration limit) const {
    return finished_.wait_for(limit) == std::future_status::ready;
}

// Looks again and again, for two seconds at most: so the thread needs no way into an event loop
// that may be gone when a disk lets go of it.
sdk::awaitable<> AccessLog::stop() {
    if (!thread_.joinable()) co_return;
    writer_->ask_stop();
    sdk::Timer timer(worker_.executor());
    const sdk::TimePoint end = sdk::Clock::now() + kFlushLimit;
    while (!finished_within(0s) && sdk::Clock::now() < end) {
        timer.expires_after(kLook);
        co_await timer.async_wait(sdk::as_tuple);
    }
    leave_thread();
}

void AccessLog::leave_thread() {
    if (finished_within(0s)) return thread_.join();
    writer_->abandon();
    thread_.detach();
    sdk::log::warn("access log is left: its disk doesn't answer");
}

}  // namespace shadowcat::access_log
