// SPDX-License-Identifier: Apache-2.0
// Waiting for signals on a worker.
#include "core/runtime/signals.hpp"

#include <csignal>

namespace shadowcat::core {

Signals::Signals(sdk::Worker& worker, SignalActions actions)
    : set_(worker.executor(), SIGTERM, SIGINT, SIGHUP), actions_(std::move(actions)) {
    if (actions_.pass_on) set_.add(SIGQUIT);
    wait();
}

void Signals::wait() {
    set_.async_wait([this](sdk::error_code stopped, int number) {
        if (stopped) return;
        if (actions_.pass_on) actions_.pass_on(number);
        if (number == SIGHUP && actions_.reload) {
            actions_.reload();
        } else {
            actions_.end(++count_);
        }
        wait();
    });
}

void Signals::stop() {
    sdk::error_code ignored;
    set_.cancel(ignored);
}

void ignore_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace shadowcat::core
