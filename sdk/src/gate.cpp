// SPDX-License-Identifier: Apache-2.0
// Waiting until a Gate is empty.
#include "shadowcat/sdk/gate.hpp"

namespace shadowcat::sdk::inline v1 {

Gate::Pass::~Pass() {
    if (gate_ && --gate_->inside_ == 0) gate_->wakeup_.notify();
}

awaitable<> Gate::empty() {
    while (inside_ != 0)
        co_await wakeup_.wait();
}

}  // namespace shadowcat::sdk::inline v1
