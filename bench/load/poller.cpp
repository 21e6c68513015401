// SPDX-License-Identifier: Apache-2.0
// Waits for many connections and for an exact moment at once.
#include "connection.hpp"

#include <sys/timerfd.h>

#include <algorithm>

namespace bench {

Poller::Poller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      alarm_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    if (!epoll_.is_open() || !alarm_.is_open()) throw system_failure("epoll and timerfd");
    add(alarm_.get(), kAlarm);
}

void Poller::add(int fd, std::size_t token) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = token;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
        throw system_failure("epoll_ctl");
    }
}

std::span<const std::size_t> Poller::wait(Time deadline) {
    const bool is_due = deadline <= Clock::now();
    if (!is_due) set_alarm(deadline);
    const int count = ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()),
                                   is_due ? 0 : -1);
    std::size_t ready = 0;
    for (int i = 0; i < count; ++i) {
        const auto token = static_cast<std::size_t>(events_[static_cast<std::size_t>(i)].data.u64);
        if (token != kAlarm) tokens_[ready++] = token;
    }
    return {tokens_.data(), ready};
}

/// Only when it differs from what is set: an alarm that rang is set anew by its next deadline.
void Poller::set_alarm(Time deadline) {
    if (deadline == alarm_at_) return;
    alarm_at_ = deadline;
    const std::int64_t at = deadline.time_since_epoch().count();
    itimerspec when{};
    when.it_value.tv_sec = at / 1'000'000'000;
    when.it_value.tv_nsec = std::max<std::int64_t>(at % 1'000'000'000, 1);
    ::timerfd_settime(alarm_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

}  // namespace bench
