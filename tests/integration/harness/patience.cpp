// SPDX-License-Identifier: Apache-2.0
// Bounded waits on a descriptor and on a condition.
#include "patience.hpp"

#include <poll.h>

#include <algorithm>
#include <thread>

namespace integration {

void wait_readable(int fd, Clock::time_point deadline, const std::string& what) {
    pollfd readable{fd, POLLIN, 0};
    while (Clock::now() < deadline) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (::poll(&readable, 1, std::max<int>(1, static_cast<int>(left.count()))) > 0) return;
    }
    throw Impatient("waited in vain for " + what);
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience) {
    const auto deadline = Clock::now() + patience;
    while (!condition()) {
        if (Clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

}  // namespace integration
