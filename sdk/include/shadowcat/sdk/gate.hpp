// SPDX-License-Identifier: Apache-2.0
// Gate: counts what is in flight, so that shutdown can await it.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <cstddef>

namespace shadowcat::sdk::inline v1 {

/// Counts holders. Belongs to one worker. A closed gate is only a sign: whoever enters checks it.
class SHADOWCAT_API Gate {
public:
    /// Membership for as long as it lives.
    class SHADOWCAT_API Pass {
    public:
        explicit Pass(Gate& gate) noexcept : gate_(&gate) { ++gate.inside_; }
        Pass(Pass&& other) noexcept : gate_(other.gate_) { other.gate_ = nullptr; }
        Pass& operator=(Pass&&) = delete;
        ~Pass();

    private:
        Gate* gate_;
    };

    Pass enter() noexcept { return Pass(*this); }
    std::size_t inside() const noexcept { return inside_; }

    void close() noexcept { closed_ = true; }
    bool closed() const noexcept { return closed_; }

    /// Completes once nobody is inside. One waiter at a time; unbounded, so bound it with `within`
    /// or end what is inside first.
    awaitable<> empty();

private:
    std::size_t inside_ = 0;
    bool closed_ = false;
    Wakeup wakeup_;
};

}  // namespace shadowcat::sdk::inline v1
