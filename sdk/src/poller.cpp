// SPDX-License-Identifier: Apache-2.0
// Registering, and telling a turn's events.
#include "poller.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <cerrno>

namespace shadowcat::sdk::inline v1 {

namespace {

int new_epoll() {
    const int made = ::epoll_create1(EPOLL_CLOEXEC);
    if (made < 0)
        throw boost::system::system_error(errno, boost::system::system_category(), "epoll");
    return made;
}

}  // namespace

/// What Asio calls when there are events.
class Poller::Turn {
public:
    using allocator_type = FrameAllocator<void>;

    explicit Turn(Poller& poller) noexcept : poller_(&poller) {}
    allocator_type get_allocator() const noexcept { return {}; }

    void operator()(const error_code& failed) {
        poller_->armed_ = false;
        if (!failed) poller_->tell_events();
        if (poller_->waits_ > 0 && !poller_->armed_) poller_->arm();
    }

private:
    Poller* poller_;
};

Poller::Poller(asio::execution_context& context)
    : asio::execution_context::service(context),
      epoll_(static_cast<asio::io_context&>(context).get_executor(), new_epoll()) {}

error_code Poller::add(Readiness& readiness) {
    epoll_event wanted = {};
    wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    wanted.data.ptr = &readiness;
    registered_.push_back(&readiness);
    if (::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, readiness.descriptor_, &wanted) == 0) {
        readiness.place_ = registered_.size() - 1;
        return {};
    }
    const int why = errno;
    registered_.pop_back();
    return error_code(why, boost::system::system_category());
}

void Poller::remove(Readiness& readiness) noexcept {
    registered_[readiness.place_] = registered_.back();
    registered_[readiness.place_]->place_ = readiness.place_;
    registered_.pop_back();
    if (epoll_.is_open()) {
        epoll_event ignored = {};
        ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, readiness.descriptor_, &ignored);
    }
    for (epoll_event& each : untold_) {
        if (each.data.ptr == &readiness) each.data.ptr = nullptr;
    }
}

void Poller::arm() {
    armed_ = true;
    epoll_.async_wait(decltype(epoll_)::wait_read, Turn(*this));
}

/// A loop for which nothing is left to wait for ends.
void Poller::disarm() noexcept {
    error_code ignored;
    epoll_.cancel(ignored);
}

/// A receiver may end others, whose events are then nobody's.
void Poller::tell_events() {
    const int count = ::epoll_wait(epoll_.native_handle(), batch_.data(), kBatch, 0);
    untold_ = std::span(batch_).first(static_cast<std::size_t>(std::max(count, 0)));
    while (!untold_.empty()) {
        const epoll_event next = untold_.front();
        untold_ = untold_.subspan(1);
        if (next.data.ptr) static_cast<Readiness*>(next.data.ptr)->happened(next.events);
    }
}

/// What waits is held by nobody else.
void Poller::shutdown() {
    for (Readiness* each : registered_)
        each->drop();
    error_code ignored;
    epoll_.close(ignored);
}

}  // namespace shadowcat::sdk::inline v1
