// SPDX-License-Identifier: Apache-2.0
// System calls, and waiting where they would block.
#include "ready_socket.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace shadowcat::http {

namespace {

constexpr std::size_t kMostParts = 16;

using Parts = std::array<iovec, kMostParts>;

/// What a system call that returned `count` did.
ReadySocket::Transferred done_by_call(ssize_t count) noexcept {
    using Transferred = ReadySocket::Transferred;
    if (count >= 0) return Transferred(error_code(), count);
    if (errno == EAGAIN) return Transferred(asio::error::would_block, 0);
    return Transferred(error_code(errno, boost::system::system_category()), 0);
}

/// The first parts of what lies behind the first `done` bytes.
std::size_t parts_behind(std::span<const asio::const_buffer> buffers, std::size_t done,
                         Parts& parts) noexcept {
    std::size_t count = 0;
    for (asio::const_buffer each : buffers) {
        const std::size_t skipped = std::min(done, each.size());
        done -= skipped;
        each += skipped;
        if (each.size() == 0) continue;
        parts[count++] = iovec{const_cast<void*>(each.data()), each.size()};
        if (count == parts.size()) break;
    }
    return count;
}

}  // namespace

ReadySocket::ReadySocket(const Executor& executor, int descriptor, error_code& failed)
    : readiness_(std::make_unique<Readiness>(executor, descriptor, failed)) {
    if (failed) {
        readiness_.reset();
    } else {
        descriptor_ = Descriptor(descriptor);
    }
}

ReadySocket& ReadySocket::operator=(ReadySocket&& other) noexcept {
    close();
    descriptor_ = std::move(other.descriptor_);
    readiness_ = std::move(other.readiness_);
    return *this;
}

ReadySocket::Transferred ReadySocket::try_read(asio::mutable_buffer buffer) noexcept {
    const ssize_t got = ::recv(descriptor_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0) return Transferred(asio::error::eof, 0);
    if (got == static_cast<ssize_t>(buffer.size())) readiness_->expect_more();
    return done_by_call(got);
}

ReadySocket::Transferred ReadySocket::try_write(
    std::span<const asio::const_buffer> buffers) noexcept {
    return write_from(buffers, 0);
}

ReadySocket::Transferred ReadySocket::write_from(std::span<const asio::const_buffer> buffers,
                                                 std::size_t done) noexcept {
    Parts parts;
    msghdr message = {};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts_behind(buffers, done, parts);
    return done_by_call(::sendmsg(descriptor_.number(), &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/// After a wait that failed this may be gone.
awaitable<ReadySocket::Transferred> ReadySocket::read_some(asio::mutable_buffer buffer) {
    for (;;) {
        const Transferred read = try_read(buffer);
        if (std::get<0>(read) != asio::error::would_block) co_return read;
        const error_code failed = co_await wait(For::reading);
        if (failed) co_return Transferred(failed, 0);
    }
}

awaitable<ReadySocket::Transferred> ReadySocket::write(
    std::span<const asio::const_buffer> buffers) {
    const std::size_t size = asio::buffer_size(buffers);
    std::size_t done = 0;
    while (done < size) {
        const auto [failed, sent] = write_from(buffers, done);
        done += sent;
        if (!failed) continue;
        if (failed != asio::error::would_block) co_return Transferred(failed, done);
        const error_code broken = co_await wait(For::writing);
        if (broken) co_return Transferred(broken, done);
    }
    co_return Transferred(error_code(), done);
}

awaitable<error_code> ReadySocket::wait(For what, Duration limit) {
    if (!readiness_) co_return error_code(asio::error::operation_aborted);
    const error_code outcome = co_await readiness_->wait(what, limit);
    co_return outcome;
}

void ReadySocket::cancel() noexcept {
    if (readiness_) readiness_->cancel();
}

void ReadySocket::close() noexcept {
    readiness_.reset();
    descriptor_ = Descriptor();
}

int ReadySocket::release() noexcept {
    readiness_.reset();
    return descriptor_.release();
}

}  // namespace shadowcat::http
