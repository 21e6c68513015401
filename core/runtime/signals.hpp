// SPDX-License-Identifier: Apache-2.0
// Signals: SIGTERM and SIGINT ask for a drain, a second one for an end at once; SIGHUP for a
// reload.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include <boost/asio/signal_set.hpp>

#include <functional>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// What to do, on the worker.
class SignalActions {
public:
    std::function<void(int count)> end;  ///< with the number of such signals so far

    /// Empty: a hang-up ends the process, as when its terminal goes away.
    std::function<void()> reload;

    /// Gets every signal first, SIGQUIT too, which then ends as SIGTERM does. Empty: SIGQUIT does
    /// what it usually does.
    std::function<void(int number)> pass_on;
};

class Signals {
public:
    Signals(sdk::Worker& worker, SignalActions actions);

    void stop();

private:
    void wait();

    sdk::asio::basic_signal_set<sdk::Executor> set_;
    SignalActions actions_;
    int count_ = 0;
};

/// Writing to a closed pipe or socket is an error code, never a signal.
void ignore_sigpipe();

}  // namespace shadowcat::core
