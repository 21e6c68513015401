// SPDX-License-Identifier: Apache-2.0
// The two kinds of stream and the choice between them, once per operation.
#include "byte_stream.hpp"

#include "shadowcat/sdk/deadline.hpp"

#include "host_lookup.hpp"
#include "tls_context.hpp"
#include "tls_peer.hpp"
#include "tls_stream.hpp"

#include <boost/asio/write.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <exception>

namespace shadowcat::http {

namespace {

/// A span that meets Asio's buffer sequence requirements.
class BufferList {
public:
    using value_type = asio::const_buffer;
    using const_iterator = const asio::const_buffer*;

    explicit BufferList(std::span<const asio::const_buffer> buffers)
        : begin_(buffers.data()), end_(buffers.data() + buffers.size()) {}
    const_iterator begin() const noexcept { return begin_; }
    const_iterator end() const noexcept { return end_; }

private:
    const_iterator begin_, end_;
};

constexpr int kUsualIdle = 60;  // seconds
constexpr std::size_t kMostParts = 16;

ByteStream::Transferred nothing_yet() noexcept {
    return ByteStream::Transferred(asio::error::would_block, 0);
}

/// What a system call that returned `count` did.
ByteStream::Transferred transferred(ssize_t count) noexcept {
    if (count >= 0) return ByteStream::Transferred(error_code(), count);
    if (errno == EAGAIN || errno == EINTR) return nothing_yet();
    return ByteStream::Transferred(error_code(errno, boost::system::system_category()), 0);
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

ByteStream::ByteStream(const Executor& executor) : socket_(executor) {}
ByteStream::ByteStream(Socket accepted) : socket_(std::move(accepted)) {}
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream& ByteStream::operator=(ByteStream&&) noexcept = default;
ByteStream::~ByteStream() = default;

ByteStream ByteStream::adopt(const Executor& executor, int descriptor, error_code& failed) {
    sockaddr_storage address = {};
    socklen_t size = sizeof address;
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size);
    const bool v6 = address.ss_family == AF_INET6;
    ByteStream stream(executor);
    stream.socket_.assign(v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), descriptor, failed);
    return stream;
}

ByteStream::Socket& ByteStream::socket() noexcept { return tls_ ? tls_->socket() : socket_; }

const ByteStream::Socket& ByteStream::socket() const noexcept {
    return tls_ ? tls_->socket() : socket_;
}

awaitable<error_code> ByteStream::connect(std::string host, std::uint16_t port, Duration limit) {
    const TimePoint deadline = Clock::now() + limit;
    lookup_ = std::make_shared<HostLookup>(socket_.get_executor());
    const auto lookup = lookup_;
    error_code failed = co_await lookup->resolve(std::move(host), port, limit);
    if (failed) co_return failed;
    lookup_.reset();
    Timer timer(socket_.get_executor());
    std::size_t left = lookup->endpoints().size();
    for (const auto& endpoint : lookup->endpoints()) {
        if (closed_) co_return error_code(asio::error::operation_aborted);
        const Duration share = (deadline - Clock::now()) / static_cast<Duration::rep>(left--);
        error_code ignored;
        socket_.close(ignored);
        auto attempt = socket_.async_connect(endpoint, asio::deferred);
        failed = co_await within(timer, share, std::move(attempt));
        if (!failed) break;
    }
    if (!failed && closed_) failed = asio::error::operation_aborted;
    if (failed) {
        close();
        co_return failed;
    }
    set_no_delay();
    probe_silent_peer(socket_.native_handle(), kUsualIdle);
    co_return failed;
}

awaitable<Result<void>> ByteStream::connect_tls(const TlsContext& context, std::string host,
                                                Duration limit) {
    tls_ = std::make_unique<TlsStream>(std::move(socket_), context);
    context.expect_peer(tls_->native_handle(), host);
    return handshake(true, limit);
}

awaitable<std::tuple<error_code, char>> ByteStream::peek(Duration limit) {
    Timer timer(socket_.get_executor());
    auto readable = socket_.async_wait(Socket::wait_read, asio::deferred);
    error_code failed = co_await within(timer, limit, std::move(readable));
    if (!failed && closed_) failed = asio::error::operation_aborted;
    char first = 0;
    if (!failed) {
        const ssize_t got =
            ::recv(socket_.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL);
        if (got == 0) failed = asio::error::eof;
        if (got < 0) failed = error_code(errno, boost::system::system_category());
    }
    co_return std::tuple<error_code, char>(failed, first);
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
    if (tls_) return tls_->read_some(buffer);
    return socket_.async_read_some(buffer, as_tuple);
}

awaitable<ByteStream::Transferred> ByteStream::write(std::span<const asio::const_buffer> buffers) {
    if (tls_) return tls_->write(buffers);
    return asio::async_write(socket_, BufferList(buffers), as_tuple);
}

ByteStream::Transferred ByteStream::try_read(asio::mutable_buffer buffer) noexcept {
    if (tls_) return tls_->try_read(buffer);
    const ssize_t got = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got == 0) return Transferred(asio::error::eof, 0);
    return transferred(got);
}

ByteStream::Transferred ByteStream::try_write(
    std::span<const asio::const_buffer> buffers) noexcept {
    if (tls_) return tls_->try_write(buffers);
    std::array<iovec, kMostParts> parts;
    const std::size_t count = std::min(buffers.size(), parts.size());
    for (std::size_t i = 0; i < count; ++i)
        parts[i] = iovec{const_cast<void*>(buffers[i].data()), buffers[i].size()};
    msghdr message = {};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    return transferred(::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

awaitable<> ByteStream::shutdown(Duration limit) {
    if (tls_ && is_open()) co_await tls_->shutdown(limit);
    close();
}

void ByteStream::shutdown_send() noexcept {
    error_code ignored;
    if (!tls_) socket_.shutdown(Socket::shutdown_send, ignored);
}

void ByteStream::close() noexcept {
    closed_ = true;
    error_code ignored;
    socket().close(ignored);
    const auto lookup = std::exchange(lookup_, nullptr);
    if (lookup) lookup->cancel();  // resumes `connect`, after which this object may be gone
}

void ByteStream::reset() noexcept {
    error_code ignored;
    socket().set_option(Socket::linger(true, 0), ignored);
    close();
}

void ByteStream::cancel() noexcept {
    error_code ignored;
    socket().cancel(ignored);
}

bool ByteStream::is_open() const noexcept { return socket().is_open(); }

bool ByteStream::is_stale() noexcept {
    if (!is_open()) return true;
    char byte = 0;
    const ssize_t got =
        ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL);
    return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void ByteStream::set_no_delay() noexcept {
    error_code ignored;
    socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void ByteStream::set_keep_alive(std::chrono::seconds idle) noexcept {
    if (idle.count() == 0) return;
    const int seconds = static_cast<int>(idle.count());
    probe_silent_peer(socket().native_handle(), seconds);
    // Probes stop while there is something to send again, which would go on for a quarter of an
    // hour.
    set_option(socket().native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, 2000 * seconds);
}

std::string ByteStream::peer() const {
    error_code failed;
    const auto endpoint = socket().remote_endpoint(failed);
    if (failed) return {};
    const std::string address = endpoint.address().to_string();
    const std::string port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

int ByteStream::release() noexcept {
    if (tls_ || !socket_.is_open()) return -1;
    error_code failed;
    const int descriptor = socket_.release(failed);
    closed_ = true;
    return failed ? -1 : descriptor;
}

}  // namespace shadowcat::http
