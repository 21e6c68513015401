// SPDX-License-Identifier: Apache-2.0
// Poller: one worker's epoll instance for descriptors that are registered once and edge-triggered.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/readiness.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace shadowcat::sdk::inline v1 {

/// A service of the worker's context. Its epoll instance is itself a descriptor that Asio's loop
/// waits for while anybody waits here; so a turn of the loop costs two calls more than Asio alone,
/// and an event none, where Asio needs one for each wait.
class Poller final : public asio::execution_context::service {
public:
    using key_type = Poller;
    inline static asio::execution_context::id id;

    explicit Poller(asio::execution_context& context);

    error_code add(Readiness& readiness);
    void remove(Readiness& readiness) noexcept;

    void wait_begun() {
        ++waits_;
        if (!armed_) arm();
    }
    void wait_ended() noexcept {
        --waits_;
        if (waits_ == 0 && armed_) disarm();
    }

private:
    class Turn;

    void shutdown() override;
    void arm();
    void disarm() noexcept;
    void tell_events();

    static constexpr std::size_t kBatch = 128;

    asio::posix::basic_stream_descriptor<Executor> epoll_;
    std::array<epoll_event, kBatch> batch_;
    std::span<epoll_event> untold_;  // the rest of the batch
    std::vector<Readiness*> registered_;
    std::size_t waits_ = 0;
    bool armed_ = false;
};

}  // namespace shadowcat::sdk::inline v1
