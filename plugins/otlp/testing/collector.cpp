// SPDX-License-Identifier: Apache-2.0
// Reads requests, answers as it is told.
#include "collector.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace shadowcat::otlp::testing {

using namespace shadowcat::sdk;

namespace {

constexpr std::string_view kLength = "\r\nContent-Length: ";

std::size_t length_of(const std::string& head) {
    const auto at = head.find(kLength);
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + kLength.size()));
}

/// Takes one whole request out of `unread`.
std::optional<Received> take_request(std::string& unread, std::size_t index) {
    const auto end = unread.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    const std::string head = unread.substr(0, end + 4);
    const std::size_t size = length_of(head);
    if (unread.size() < head.size() + size) return std::nullopt;
    Received request(index, head, unread.substr(head.size(), size));
    unread.erase(0, head.size() + size);
    return request;
}

}  // namespace

class Collector::Tls {
public:
    explicit Tls(const TestCertificate& certificate) : context(asio::ssl::context::tls_server) {
        context.use_certificate_chain_file(certificate.cert_path);
        context.use_private_key_file(certificate.key_path, asio::ssl::context::pem);
    }
    asio::ssl::context context;
};

Answer Answer::json(const std::string& status, const std::string& body,
                    const std::string& headers) {
    return Answer("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + headers +
                  "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

Collector::Collector(Worker& worker, Script script, const TestCertificate* certificate)
    : worker_(worker), script_(std::move(script)) {
    if (certificate != nullptr) tls_ = std::make_unique<Tls>(*certificate);
    resume();
}

Collector::~Collector() = default;

std::string Collector::url() const {
    return (tls_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_);
}

void Collector::resume() {
    acceptor_.emplace(worker_.executor());
    const asio::ip::tcp::endpoint loopback(asio::ip::address_v4::loopback(), port_);
    acceptor_->open(loopback.protocol());
    acceptor_->set_option(asio::socket_base::reuse_address(true));
    acceptor_->bind(loopback);
    acceptor_->listen();
    port_ = acceptor_->local_endpoint().port();
    spawn_logged(worker_, accept(), "test.accept");
}

void Collector::stop() {
    acceptor_->close();
    close_connections();
}

void Collector::close_connections() {
    for (const auto& each : sockets_) {
        if (const auto socket = each.lock()) socket->close();
    }
    sockets_.clear();
}

awaitable<> Collector::accept() {
    for (;;) {
        auto [failed, socket] = co_await acceptor_->async_accept(as_tuple);
        if (failed) co_return;
        auto shared = std::make_shared<Socket>(std::move(socket));
        sockets_.push_back(shared);
        spawn_logged(worker_, serve(std::move(shared), connections++), "test.serve");
    }
}

awaitable<> Collector::serve(std::shared_ptr<Socket> socket, std::size_t index) {
    if (tls_) {
        asio::ssl::stream<Socket&> stream(*socket, tls_->context);
        const auto [failed] =
            co_await stream.async_handshake(asio::ssl::stream_base::server, as_tuple);
        if (!failed) co_await converse(stream, index);
    } else {
        co_await converse(*socket, index);
    }
    error_code ignored;
    socket->close(ignored);
}

template <class Stream>
awaitable<> Collector::converse(Stream& stream, std::size_t index) {
    std::string unread;
    std::array<char, 8192> buffer;
    for (;;) {
        const auto [failed, size] = co_await stream.async_read_some(asio::buffer(buffer), as_tuple);
        if (failed) co_return;
        unread.append(buffer.data(), size);
        auto request = take_request(unread, index);
        if (!request) continue;
        received.push_back(std::move(*request));
        const Answer answer = script_(received.back());
        if (answer.then == Answer::Then::stay_silent) continue;
        const auto bytes = asio::buffer(answer.bytes);
        const auto [unsent, written] = co_await asio::async_write(stream, bytes, as_tuple);
        if (unsent || answer.then == Answer::Then::close) co_return;
    }
}

}  // namespace shadowcat::otlp::testing
