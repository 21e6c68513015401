// SPDX-License-Identifier: Apache-2.0
// Sockets by hand, so that tests don't share the listener's own reading and writing.
#include "testing/raw_client.hpp"

#include "text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>

namespace shadowcat::http {

RawClient::RawClient() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

RawClient::RawClient(std::uint16_t port, int receive_buffer) : RawClient() {
    if (receive_buffer > 0) {
        ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(int));
    }
    connect_to(port);
}

void RawClient::connect_to(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        socket_ = Descriptor();
    }
}

std::uint16_t RawClient::own_port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

bool RawClient::start_tls() {
    const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                               SSL_CTX_free);
    return start_tls(context.get());
}

bool RawClient::start_tls(ssl_ctx_st* context, ssl_session_st* session) {
    tls_.reset(SSL_new(context), SSL_free);
    if (session) SSL_set_session(tls_.get(), session);
    SSL_set_fd(tls_.get(), socket_.number());
    return SSL_connect(tls_.get()) == 1;
}

std::string RawClient::local_address() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address), &size);
    return "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

bool RawClient::send(std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = tls_
                                 ? SSL_write(tls_.get(), text.data(), static_cast<int>(text.size()))
                                 : ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::shutdown_send() { ::shutdown(socket_.number(), SHUT_WR); }

bool RawClient::more() {
    std::array<char, 65536> bytes;
    const ssize_t got = tls_ ? SSL_read(tls_.get(), bytes.data(), bytes.size())
                             : ::recv(socket_.number(), bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    pending_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
}

std::string RawClient::take(std::size_t count) {
    while (pending_.size() < count && more()) {
    }
    std::string taken = pending_.substr(0, count);
    pending_.erase(0, taken.size());
    return taken;
}

std::optional<std::string> RawClient::line() {
    std::size_t end = 0;
    while ((end = pending_.find("\r\n")) == std::string::npos) {
        if (!more()) return std::nullopt;
    }
    std::string text = pending_.substr(0, end);
    pending_.erase(0, end + 2);
    return text;
}

Response RawClient::read_head() {
    Response response;
    auto text = line();
    if (!text || !text->starts_with("HTTP/1.1 ")) return response;
    response.status = std::stoi(text->substr(9));
    while ((text = line()) && !text->empty()) {
        const auto [name, value] = cut(*text, ':');
        response.fields[to_lower(name)] = trim(value);
    }
    response.complete = text.has_value();
    return response;
}

std::optional<std::string> RawClient::read_chunk() {
    const auto size = line();
    if (!size || size->empty()) return std::nullopt;
    const std::size_t count = std::stoul(*size, nullptr, 16);
    std::string payload = take(count);
    const auto end = line();
    if (count == 0 || !end || !end->empty()) return std::nullopt;
    return payload;
}

void RawClient::read_body(Response& response) {
    const std::string length = response.field("content-length");
    if (response.field("transfer-encoding") == "chunked") {
        while (auto chunk = read_chunk())
            response.body += *chunk;
    } else if (!length.empty()) {
        response.body = take(std::stoul(length));
        response.complete = response.body.size() == std::stoul(length);
    } else if (response.field("connection") == "close" && response.status != 204) {
        response.body = read_to_end();
    }
}

Response RawClient::read() {
    Response response = read_head();
    if (response.complete && response.status >= 200) read_body(response);
    return response;
}

std::string RawClient::read_to_end() {
    while (more()) {
    }
    return std::exchange(pending_, std::string());
}

bool RawClient::readable_within(int milliseconds) const {
    pollfd event{socket_.number(), POLLIN, 0};
    return ::poll(&event, 1, milliseconds) > 0;
}

bool RawClient::at_end() { return pending_.empty() && !more() && pending_.empty(); }

Response RawClient::ask(std::string_view text) {
    if (!send(text)) return Response();
    return read();
}

}  // namespace shadowcat::http
