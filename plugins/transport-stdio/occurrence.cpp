// SPDX-License-Identifier: Apache-2.0
// Waiting with a limit for what happens once.
#include "occurrence.hpp"

namespace shadowcat::transport_stdio {

namespace {

/// Keeps `timer` in the list for as long as a frame lives, also when the frame is destroyed
/// unfinished.
class Listed {
public:
    Listed(std::vector<sdk::Timer*>& list, sdk::Timer& timer) : list_(list), timer_(timer) {
        list_.push_back(&timer);
    }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() { std::erase(list_, &timer_); }

private:
    std::vector<sdk::Timer*>& list_;
    sdk::Timer& timer_;
};

}  // namespace

void Occurrence::happen() {
    happened_ = true;
    for (sdk::Timer* timer : waiting_)
        timer->cancel();
}

sdk::awaitable<bool> Occurrence::wait(sdk::Duration limit) {
    if (happened_) co_return true;
    sdk::Timer timer(executor_);
    timer.expires_after(limit);
    {
        const Listed listed(waiting_, timer);
        co_await timer.async_wait(sdk::as_tuple);
    }
    co_return happened_;
}

}  // namespace shadowcat::transport_stdio
