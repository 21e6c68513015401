// SPDX-License-Identifier: Apache-2.0
// OpenSSL's calls, and what to do with what they answer.
#include "tls_stream.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace shadowcat::http {

namespace {

constexpr std::size_t kRecord = SSL3_RT_MAX_PLAIN_LENGTH;

error_code ssl_error() noexcept {
    const unsigned long code = ERR_get_error();
    if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
        return asio::ssl::error::stream_truncated;
    }
    return error_code(static_cast<int>(code), asio::error::get_ssl_category());
}

error_code system_error() noexcept {
    if (errno == 0) return asio::ssl::error::stream_truncated;
    return error_code(errno, boost::system::system_category());
}

int length(std::size_t size) noexcept {
    return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

/// What lies behind the first `done` bytes: one buffer if it fills a record, else as many as fit
/// into one, copied, so that a head and its body leave as one record. The same for the same bytes,
/// as OpenSSL wants it when it is asked again.
asio::const_buffer next_record(std::span<const asio::const_buffer> buffers, std::size_t done) {
    thread_local std::array<char, kRecord> record;
    std::size_t size = 0;
    for (asio::const_buffer part : buffers) {
        const std::size_t skipped = std::min(done, part.size());
        part += skipped;
        done -= skipped;
        if (size == 0 && part.size() >= kRecord) return part;
        const std::size_t taken = std::min(part.size(), kRecord - size);
        if (taken > 0) std::memcpy(record.data() + size, part.data(), taken);
        size += taken;
    }
    return {record.data(), size};
}

}  // namespace

TlsStream::TlsStream(ReadySocket socket, const TlsContext& context)
    : context_(context),
      socket_(std::move(socket)),
      ssl_(SSL_new(context_.native().native_handle())) {
    SSL_set_fd(ssl_.get(), socket_.number());
    SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
    SSL_set_read_ahead(ssl_.get(), 1);  // a record's head and body with one system call
}

/// Once the socket is closed its descriptor's number may be another's. OpenSSL's errors are a queue
/// of the thread's: what others left there must not count.
bool TlsStream::may_begin() const noexcept {
    ERR_clear_error();
    errno = 0;
    return socket_.is_open();
}

/// Success, `would_block` (and `wants_` says what for), or the failure.
error_code TlsStream::outcome(int result) noexcept {
    if (result > 0) return error_code();
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            wants_ = For::reading;
            return asio::error::would_block;
        case SSL_ERROR_WANT_WRITE:
            wants_ = For::writing;
            return asio::error::would_block;
        case SSL_ERROR_ZERO_RETURN:
            return asio::error::eof;
        case SSL_ERROR_SYSCALL:
            return system_error();
        default:
            return ssl_error();
    }
}

awaitable<error_code> TlsStream::carry_out(Step step, Duration limit) {
    const TimePoint deadline = Clock::now() + limit;
    for (;;) {
        if (!may_begin()) co_return error_code(asio::error::operation_aborted);
        const error_code failed = outcome(step(ssl_.get()));
        if (failed != asio::error::would_block) co_return failed;
        const Duration left = deadline - Clock::now();
        const error_code waited = co_await socket_.wait(wants_, left);
        if (waited) co_return waited;
    }
}

awaitable<error_code> TlsStream::handshake(bool as_client, Duration limit) {
    return carry_out(as_client ? SSL_connect : SSL_accept, limit);
}

/// OpenSSL's first call sends, its second one waits for the peer's.
awaitable<> TlsStream::shutdown(Duration limit) {
    const Step both = [](ssl_st* ssl) {
        const int sent = SSL_shutdown(ssl);
        return sent == 0 ? SSL_shutdown(ssl) : sent;
    };
    (void)co_await carry_out(both, limit);
}

TlsStream::Transferred TlsStream::try_read(asio::mutable_buffer buffer) noexcept {
    if (!may_begin()) return Transferred(asio::error::operation_aborted, 0);
    const int got = SSL_read(ssl_.get(), buffer.data(), length(buffer.size()));
    const error_code failed = outcome(got);
    read_wants_ = wants_;
    return Transferred(failed, std::max(got, 0));
}

awaitable<TlsStream::Transferred> TlsStream::read_some(asio::mutable_buffer buffer) {
    for (;;) {
        const Transferred read = try_read(buffer);
        if (std::get<0>(read) != asio::error::would_block) co_return read;
        const error_code failed = co_await socket_.wait(read_wants_);
        if (failed) co_return Transferred(failed, 0);
    }
}

TlsStream::Transferred TlsStream::write_from(std::span<const asio::const_buffer> buffers,
                                             std::size_t done) noexcept {
    const std::size_t begun = done;
    for (;;) {
        const asio::const_buffer record = next_record(buffers, done);
        if (record.size() == 0) return Transferred(error_code(), done - begun);
        if (!may_begin()) return Transferred(asio::error::operation_aborted, done - begun);
        const int sent = SSL_write(ssl_.get(), record.data(), length(record.size()));
        const error_code failed = outcome(sent);
        write_wants_ = wants_;
        if (failed) return Transferred(failed, done - begun);
        done += static_cast<std::size_t>(sent);
    }
}

TlsStream::Transferred TlsStream::try_write(std::span<const asio::const_buffer> buffers) noexcept {
    return write_from(buffers, 0);
}

awaitable<TlsStream::Transferred> TlsStream::write(std::span<const asio::const_buffer> buffers) {
    std::size_t done = 0;
    for (;;) {
        const auto [failed, sent] = write_from(buffers, done);
        done += sent;
        if (failed != asio::error::would_block) co_return Transferred(failed, done);
        const error_code broken = co_await socket_.wait(write_wants_);
        if (broken) co_return Transferred(broken, done);
    }
}

}  // namespace shadowcat::http
