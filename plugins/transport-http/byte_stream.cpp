// SPDX-License-Identifier: Apache-2.0
// The two kinds of stream and the choice between them, once per operation.
#include "byte_stream.hpp"

#include "shadowcat/sdk/deadline.hpp"

#include "host_lookup.hpp"
#include "tls_context.hpp"
#include "tls_peer.hpp"
#include "tls_stream.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace shadowcat::http {

namespace {

constexpr int kUsualIdle = 60;  // seconds

ssize_t look_at_first(int descriptor, char& byte) noexcept {
    return ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL);
}

void set_option(int descriptor, int level, int option, int value) {
    ::setsockopt(descriptor, level, option, &value, sizeof value);
}

/// A peer that vanished without a word is noticed after about twice `idle` seconds.
void probe_silent_peer(int descriptor, int idle) {
    constexpr int kProbes = 4;
    set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, idle);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, std::max(idle / kProbes, 1));
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
}

}  // namespace

/// A connection that Asio's socket makes, and then gives away.
class ByteStream::Attempt {
public:
    using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

    explicit Attempt(const Executor& executor) : socket(executor) {}
    void cancel() noexcept {
        error_code ignored;
        socket.close(ignored);
    }

    Socket socket;
};

ByteStream::ByteStream(const Executor& executor) : executor_(executor) {}
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream& ByteStream::operator=(ByteStream&&) noexcept = default;
ByteStream::~ByteStream() = default;

ByteStream ByteStream::adopt(const Executor& executor, int descriptor, error_code& failed) {
    ByteStream stream(executor);
    stream.socket_ = ReadySocket(executor, descriptor, failed);
    return stream;
}

ReadySocket& ByteStream::socket() noexcept { return tls_ ? tls_->socket() : socket_; }

const ReadySocket& ByteStream::socket() const noexcept { return tls_ ? tls_->socket() : socket_; }

awaitable<error_code> ByteStream::connect(std::string host, std::uint16_t port, Duration limit) {
    const TimePoint deadline = Clock::now() + limit;
    lookup_ = std::make_shared<HostLookup>(executor_);
    const auto lookup = lookup_;
    error_code failed = co_await lookup->resolve(std::move(host), port, limit);
    if (failed) co_return failed;
    lookup_.reset();
    failed = co_await connect_to_one_of(*lookup, deadline);
    attempt_.reset();
    if (!failed && closed_) failed = asio::error::operation_aborted;
    if (failed) {
        close();
        co_return failed;
    }
    set_no_delay();
    probe_silent_peer(socket_.number(), kUsualIdle);
    co_return failed;
}

/// Each address has its share of what time is left.
awaitable<error_code> ByteStream::connect_to_one_of(const HostLookup& lookup, TimePoint deadline) {
    Timer timer(executor_);
    error_code failed = asio::error::host_not_found;
    std::size_t left = lookup.endpoints().size();
    for (const auto& endpoint : lookup.endpoints()) {
        if (closed_) co_return error_code(asio::error::operation_aborted);
        const Duration share = (deadline - Clock::now()) / static_cast<Duration::rep>(left--);
        const auto attempt = std::make_shared<Attempt>(executor_);
        attempt_ = attempt;
        auto connecting = attempt->socket.async_connect(endpoint, asio::deferred);
        failed = co_await within(timer, share, std::move(connecting));
        if (!failed) co_return take(attempt);
    }
    co_return failed;
}

error_code ByteStream::take(const std::shared_ptr<Attempt>& connected) {
    error_code failed;
    Descriptor descriptor(connected->socket.release(failed));
    if (failed) return asio::error::operation_aborted;
    socket_ = ReadySocket(executor_, descriptor.number(), failed);
    if (!failed) descriptor.release();
    return failed;
}

awaitable<Result<void>> ByteStream::connect_tls(const TlsContext& context, std::string host,
                                                Duration limit) {
    tls_ = std::make_unique<TlsStream>(std::move(socket_), context);
    context.expect_peer(tls_->native_handle(), host);
    return handshake(true, limit);
}

/// What is peeked at is told once, so that it is asked for before it is waited for.
awaitable<std::tuple<error_code, char>> ByteStream::peek(Duration limit) {
    const TimePoint deadline = Clock::now() + limit;
    for (;;) {
        char first = 0;
        const ssize_t got = look_at_first(socket_.number(), first);
        if (got > 0) co_return std::tuple<error_code, char>(error_code(), first);
        error_code failed = got == 0 ? error_code(asio::error::eof)
                                     : error_code(errno, boost::system::system_category());
        if (failed != asio::error::would_block)
            co_return std::tuple<error_code, char>(failed, first);
        const Duration left = deadline - Clock::now();
        failed = co_await socket_.wait(Readiness::For::reading, left);
        if (failed) co_return std::tuple<error_code, char>(failed, first);
    }
}

awaitable<Result<void>> ByteStream::accept_tls(const TlsContext& context, Duration limit) {
    tls_ = std::make_unique<TlsStream>(std::move(socket_), context);
    return handshake(false, limit);
}

awaitable<Result<void>> ByteStream::handshake(bool as_client, Duration limit) {
    const error_code failed = co_await tls_->handshake(as_client, limit);
    if (!failed && !closed_) co_return Result<void>();
    const bool late = failed == asio::error::timed_out;
    std::string why = late ? std::string("TLS handshake timed out")
                           : handshake_failure(tls_->native_handle(), as_client, failed);
    close();
    co_return Error(late ? ErrorCode::timed_out : ErrorCode::unreachable, std::move(why),
                    as_client ? ErrorSource::upstream : ErrorSource::downstream);
}

std::string ByteStream::principal() const {
    return tls_ ? verified_principal(tls_->native_handle()) : std::string();
}

awaitable<ByteStream::Transferred> ByteStream::read_some(asio::mutable_buffer buffer) {
    return tls_ ? tls_->read_some(buffer) : socket_.read_some(buffer);
}

awaitable<ByteStream::Transferred> ByteStream::write(std::span<const asio::const_buffer> buffers) {
    return tls_ ? tls_->write(buffers) : socket_.write(buffers);
}

ByteStream::Transferred ByteStream::try_read(asio::mutable_buffer buffer) noexcept {
    return tls_ ? tls_->try_read(buffer) : socket_.try_read(buffer);
}

ByteStream::Transferred ByteStream::try_write(
    std::span<const asio::const_buffer> buffers) noexcept {
    return tls_ ? tls_->try_write(buffers) : socket_.try_write(buffers);
}

awaitable<> ByteStream::shutdown(Duration limit) {
    if (tls_ && is_open()) co_await tls_->shutdown(limit);
    close();
}

void ByteStream::shutdown_send() noexcept {
    if (!tls_) ::shutdown(socket_.number(), SHUT_WR);
}

void ByteStream::close() noexcept {
    closed_ = true;
    socket().close();
    if (attempt_) attempt_->cancel();
    const auto lookup = std::exchange(lookup_, nullptr);
    if (lookup) lookup->cancel();  // resumes `connect`, after which this object may be gone
}

void ByteStream::reset() noexcept {
    const linger at_once = {1, 0};
    ::setsockopt(socket().number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void ByteStream::cancel() noexcept { socket().cancel(); }

bool ByteStream::is_open() const noexcept { return socket().is_open(); }

bool ByteStream::is_stale() noexcept {
    if (!is_open()) return true;
    char byte = 0;
    const ssize_t got = look_at_first(socket().number(), byte);
    return got >= 0 || errno != EAGAIN;
}

void ByteStream::set_no_delay() noexcept {
    set_option(socket().number(), IPPROTO_TCP, TCP_NODELAY, 1);
}

void ByteStream::set_keep_alive(std::chrono::seconds idle) noexcept {
    if (idle.count() == 0) return;
    const int seconds = static_cast<int>(idle.count());
    probe_silent_peer(socket().number(), seconds);
    // Probes stop while there is something to send again, which would go on for a quarter of an
    // hour.
    set_option(socket().number(), IPPROTO_TCP, TCP_USER_TIMEOUT, 2000 * seconds);
}

std::string ByteStream::peer() const {
    asio::ip::tcp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (::getpeername(socket().number(), endpoint.data(), &size) != 0) return {};
    endpoint.resize(size);
    const std::string address = endpoint.address().to_string();
    const std::string port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

int ByteStream::release() noexcept {
    if (tls_ || !socket_.is_open()) return -1;
    closed_ = true;
    return socket_.release();
}

}  // namespace shadowcat::http
