// SPDX-License-Identifier: Apache-2.0
// Waiting for signals on a worker.
#include "core/runtime/signals.hpp"

#include <csignal>

namespace shadowcat::core {

Signals::Signals(sdk::Worker& worker, std::function<void(int)> on_signal)
    : set_(worker.executor(), SIGTERM, SIGINT), on_signal_(std::move(on_signal)) {
    wait();
}

void Signals::wait() {
    set_.async_wait([this](sdk::error_code stopped, int) {
        if (stopped) return;
        on_signal_(++count_);
        wait();
    });
}

void Signals::stop() {
    sdk::error_code ignored;
    set_.cancel(ignored);
}

void ignore_sigpipe() { std::signal(SIGPIPE, SIG_IGN); }

}  // namespace shadowcat::core
