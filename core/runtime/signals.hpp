// SPDX-License-Identifier: Apache-2.0
// Signals: SIGTERM and SIGINT ask for a drain, a second one for an end at once.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include <boost/asio/signal_set.hpp>

#include <functional>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

class Signals {
public:
    /// Calls `on_signal` with the number of signals received so far, on `worker`.
    Signals(sdk::Worker& worker, std::function<void(int count)> on_signal);

    void stop();

private:
    void wait();

    sdk::asio::basic_signal_set<sdk::Executor> set_;
    std::function<void(int)> on_signal_;
    int count_ = 0;
};

/// Writing to a closed pipe or socket is an error code, never a signal.
void ignore_sigpipe();

}  // namespace shadowcat::core
