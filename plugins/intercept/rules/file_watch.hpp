// SPDX-License-Identifier: Apache-2.0
// FileWatch: reloads a RuleBook when its file has changed.
#pragma once

#include "rules/rule_book.hpp"

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace shadowcat::intercept {

/// Looks and reads on a thread of its own, so that no worker ever waits for a disk. Until `start`
/// there is no thread. Thread-safe.
class FileWatch {
public:
    FileWatch(std::shared_ptr<RuleBook> book, std::chrono::milliseconds interval);
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// Ends the thread; leaves it behind when a disk doesn't answer for two seconds.
    ~FileWatch();

    /// Begins to look; idempotent. Without a thread (a limit of the system) it warns.
    void start();

private:
    /// What the thread has in common with its owner, and may keep longer.
    class State {
    public:
        State(std::shared_ptr<RuleBook> of, std::chrono::milliseconds every)
            : book(std::move(of)), interval(every) {}

        void run();

        /// Waits; false when it is time to end.
        bool wait(std::chrono::milliseconds time);
        void settle();

        std::shared_ptr<RuleBook> book;
        std::chrono::milliseconds interval;
        std::mutex mutex;
        std::condition_variable changed;
        bool stopping = false;
    };

    std::shared_ptr<State> state_;
    std::mutex starting_;
    std::thread thread_;
    std::future<void> finished_;
};

}  // namespace shadowcat::intercept
