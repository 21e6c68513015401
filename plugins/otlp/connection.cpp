// SPDX-License-Identifier: Apache-2.0
// The two kinds of stream, and the choice between them once per operation.
#include "connection.hpp"

#include "shadowcat/sdk/deadline.hpp"

#include "endpoint.hpp"
#include "name_lookup.hpp"
#include "tls_trust.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <openssl/x509_vfy.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace shadowcat::otlp {

namespace {

std::string handshake_problem(SSL* ssl, const error_code& failed) {
    const long verdict = SSL_get_verify_result(ssl);
    if (verdict == X509_V_OK) return "TLS handshake failed: " + failed.message();
    return std::string("TLS certificate refused: ") + X509_verify_cert_error_string(verdict);
}

}  // namespace

class Connection::Tls {
public:
    Tls(Socket socket, asio::ssl::context& context) : stream(std::move(socket), context) {}
    asio::ssl::stream<Socket> stream;
};

Connection::Connection(const Executor& executor) : socket_(executor) {}
Connection::~Connection() = default;

Connection::Socket& Connection::socket() noexcept {
    return tls_ ? tls_->stream.next_layer() : socket_;
}

awaitable<Result<void>> Connection::open(const Endpoint& endpoint, const TlsTrust* trust,
                                         Duration limit) {
    const error_code failed = co_await connect(endpoint, limit);
    if (failed) co_return Error(ErrorCode::unreachable, failed.message());
    if (trust == nullptr) co_return Result<void>();
    co_return co_await shake_hands(endpoint, *trust);
}

awaitable<error_code> Connection::connect(const Endpoint& endpoint, Duration limit) {
    const TimePoint deadline = Clock::now() + limit;
    lookup_ = std::make_shared<NameLookup>(socket_.get_executor());
    const auto lookup = lookup_;
    error_code failed = co_await lookup->resolve(endpoint.host, endpoint.port);
    if (!failed && lookup->endpoints().empty()) failed = asio::error::host_not_found;
    if (failed) co_return failed;
    Timer timer(socket_.get_executor());
    auto left = static_cast<Duration::rep>(lookup->endpoints().size());
    for (const auto& address : lookup->endpoints()) {
        if (closed_) co_return error_code(asio::error::operation_aborted);
        const Duration share = (deadline - Clock::now()) / left--;
        error_code ignored;
        socket_.close(ignored);
        auto attempt = socket_.async_connect(address, asio::deferred);
        failed = co_await within(timer, share, std::move(attempt));
        if (!failed) break;
    }
    if (!failed && closed_) failed = asio::error::operation_aborted;
    error_code ignored;
    if (failed)
        socket_.close(ignored);
    else
        socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return failed;
}

awaitable<Result<void>> Connection::shake_hands(const Endpoint& endpoint, const TlsTrust& trust) {
    tls_ = std::make_unique<Tls>(std::move(socket_), trust.native());
    TlsTrust::expect_peer(tls_->stream.native_handle(), endpoint.host);
    const auto role = asio::ssl::stream_base::client;
    const auto [failed] = co_await tls_->stream.async_handshake(role, as_tuple);
    if (!failed && !closed_) co_return Result<void>();
    std::string why = handshake_problem(tls_->stream.native_handle(), failed);
    close();
    co_return Error(ErrorCode::unreachable, std::move(why));
}

awaitable<error_code> Connection::write(std::string_view head, std::string_view body) {
    const std::array<asio::const_buffer, 2> both = {asio::buffer(head), asio::buffer(body)};
    if (tls_) {
        const auto [failed, done] = co_await asio::async_write(tls_->stream, both, as_tuple);
        co_return failed;
    }
    const auto [failed, done] = co_await asio::async_write(socket_, both, as_tuple);
    co_return failed;
}

awaitable<std::tuple<error_code, std::size_t>> Connection::read_some(asio::mutable_buffer buffer) {
    if (tls_) return tls_->stream.async_read_some(buffer, as_tuple);
    return socket_.async_read_some(buffer, as_tuple);
}

void Connection::close() noexcept {
    closed_ = true;
    error_code ignored;
    socket().close(ignored);
    const auto lookup = std::exchange(lookup_, nullptr);
    if (lookup) lookup->abandon();  // resumes `connect`, after which this object may be gone
}

bool Connection::is_fresh() noexcept {
    if (closed_ || !socket().is_open()) return false;
    char byte = 0;
    const int flags = MSG_PEEK | MSG_DONTWAIT | MSG_NOSIGNAL;
    const ssize_t got = ::recv(socket().native_handle(), &byte, 1, flags);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace shadowcat::otlp
