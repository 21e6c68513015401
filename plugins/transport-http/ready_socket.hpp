// SPDX-License-Identifier: Apache-2.0
// ReadySocket: a connected TCP socket that is tried before it is waited for.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/readiness.hpp"

#include "descriptor.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <tuple>

namespace shadowcat::http {

using namespace shadowcat::sdk;

/// Reading and writing may overlap, each never with itself. Movable, also while something waits.
class ReadySocket {
public:
    using For = Readiness::For;
    using Transferred = std::tuple<error_code, std::size_t>;

    /// Not connected.
    ReadySocket() noexcept = default;

    /// Takes a connected, non-blocking socket over; on failure it is left alone, and this closed.
    ReadySocket(const Executor& executor, int descriptor, error_code& failed);

    ReadySocket(ReadySocket&&) noexcept = default;
    ReadySocket& operator=(ReadySocket&&) noexcept;
    ~ReadySocket() = default;

    bool is_open() const noexcept { return descriptor_.valid(); }
    int number() const noexcept { return descriptor_.number(); }

    /// As much as there is without waiting; `would_block` if that is nothing.
    Transferred try_read(asio::mutable_buffer buffer) noexcept;
    Transferred try_write(std::span<const asio::const_buffer> buffers) noexcept;

    /// At least one byte, or all of them.
    awaitable<Transferred> read_some(asio::mutable_buffer buffer);
    awaitable<Transferred> write(std::span<const asio::const_buffer> buffers);

    /// As `Readiness::wait`: after what was tried has told `would_block`, or filled less than its
    /// buffer.
    Readiness::Wait wait(For what) noexcept { return Readiness::Wait(readiness_.get(), what); }
    awaitable<error_code> wait(For what, Duration limit);

    /// Something came, or the end, since the last read; as far as is known without asking.
    bool noticed() const noexcept { return readiness_ && readiness_->noticed(); }

    /// What waits fails with `operation_aborted`.
    void cancel() noexcept;
    void close() noexcept;

    /// Gives the descriptor away, still connected.
    int release() noexcept;

private:
    Transferred write_from(std::span<const asio::const_buffer> buffers, std::size_t done) noexcept;

    // In this order: it is closed when nothing watches it any more.
    Descriptor descriptor_;
    std::unique_ptr<Readiness> readiness_;
};

}  // namespace shadowcat::http
