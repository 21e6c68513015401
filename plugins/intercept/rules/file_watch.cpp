// SPDX-License-Identifier: Apache-2.0
// The thread that looks at a rules file.
#include "rules/file_watch.hpp"

#include "shadowcat/sdk/log.hpp"

#include <pthread.h>

#include <csignal>
#include <system_error>

namespace shadowcat::intercept {

namespace {

using std::chrono::milliseconds;

// Editors truncate and write: what changes is left alone until it has rested.
constexpr milliseconds kRest{20};
constexpr int kMostRests = 50;
constexpr std::chrono::seconds kPatience{2};

/// While it lives new threads begin with every signal blocked: signals are for the workers.
class NoSignals {
public:
    NoSignals() {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    NoSignals(const NoSignals&) = delete;
    NoSignals& operator=(const NoSignals&) = delete;
    ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

void report_reload(const RuleBook& book, const sdk::Result<bool>& done) {
    if (done.has_error()) {
        sdk::log::warn("rules not reloaded, the old ones stay in force",
                       {{"error", done.error().message()}});
    } else if (*done) {
        sdk::log::info("rules reloaded", {{"file", book.file()},
                                          {"rules", book.current()->rules().size()},
                                          {"generation", book.generation()}});
    }
}

}  // namespace

bool FileWatch::State::wait(milliseconds time) {
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, time, [this] { return stopping; });
}

void FileWatch::State::settle() {
    FileStamp seen = FileStamp::of(book->file());
    for (int i = 0; i < kMostRests && wait(kRest); ++i) {
        const FileStamp now = FileStamp::of(book->file());
        if (now == seen) return;
        seen = now;
    }
}

void FileWatch::State::run() {
    do {
        if (!book->changed()) continue;
        settle();
        report_reload(*book, book->reload());
    } while (wait(interval));
}

FileWatch::FileWatch(std::shared_ptr<RuleBook> book, milliseconds interval)
    : state_(std::make_shared<State>(std::move(book), interval)) {}

void FileWatch::start() {
    const std::lock_guard lock(starting_);
    if (finished_.valid()) return;
    std::promise<void> done;
    finished_ = done.get_future();
    const NoSignals for_the_thread;
    try {
        thread_ = std::thread([state = state_, done = std::move(done)]() mutable {
            ::pthread_setname_np(::pthread_self(), "rules-file");
            state->run();
            done.set_value();
        });
    } catch (const std::system_error& failure) {
        sdk::log::warn("rules won't be reloaded: no thread", {{"error", failure.what()}});
    }
}

FileWatch::~FileWatch() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopping = true;
    }
    state_->changed.notify_all();
    if (finished_.wait_for(kPatience) == std::future_status::ready) {
        thread_.join();
        return;
    }
    thread_.detach();
    sdk::log::warn("the watch of a rules file is left: its disk doesn't answer");
}

}  // namespace shadowcat::intercept
