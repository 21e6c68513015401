// SPDX-License-Identifier: Apache-2.0
// A server that does as it is told.
#include "scripted_server.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <sys/socket.h>

#include <cstdio>

namespace shadowcat::http::testing {

namespace {

awaitable<bool> write_all(ByteStream& stream, std::string_view bytes) {
    const asio::const_buffer buffer(bytes.data(), bytes.size());
    const auto [failed, written] = co_await stream.write(std::span(&buffer, 1));
    co_return !failed;
}

std::size_t content_length(const ServerRequest& request) {
    const std::string value = request.header("Content-Length");
    return value.empty() ? 0 : std::stoul(value);
}

}  // namespace

std::string ServerRequest::header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string chunk(const std::string& text) {
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    return size + text + "\r\n";
}

ServerAnswer ServerAnswer::json(const std::string& body, const std::string& headers,
                                const std::string& status) {
    return ServerAnswer("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + headers +
                        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
}

ServerAnswer ServerAnswer::events(const std::string& stream, Then then,
                                  const std::string& headers) {
    return ServerAnswer("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + headers +
                            "Transfer-Encoding: chunked\r\n\r\n" +
                            (stream.empty() ? "" : chunk(stream)) +
                            (then == Then::keep ? "0\r\n\r\n" : ""),
                        then);
}

ServerAnswer ServerAnswer::accepted() { return status("202 Accepted"); }

ServerAnswer ServerAnswer::status(const std::string& status, const std::string& headers) {
    return ServerAnswer("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n");
}

class ScriptedServer::Connection {
public:
    Connection(ByteStream from, std::size_t at) : stream(std::move(from)), index(at) {}

    ByteStream stream;
    std::size_t index;
    std::string unread;
    Mailbox<std::string> pushes = Mailbox<std::string>(1000);
};

ScriptedServer::ScriptedServer(sdk::Worker& worker, Script script, std::optional<TlsContext> tls)
    : worker_(worker),
      script_(std::move(script)),
      tls_(std::move(tls)),
      acceptor_(worker.executor()) {
    const asio::ip::tcp::endpoint loopback(asio::ip::address_v4::loopback(), 0);
    acceptor_.open(loopback.protocol());
    acceptor_.bind(loopback);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    spawn_logged(worker_, accept(), "test.accept");
}

ScriptedServer::~ScriptedServer() = default;

std::size_t ScriptedServer::open_connections() const {
    std::size_t open = 0;
    for (const auto& each : connections_)
        open += each->stream.is_open();
    return open;
}

void ScriptedServer::push(std::size_t connection, std::string bytes) {
    (void)connections_.at(connection)->pushes.try_push(std::move(bytes));
}

void ScriptedServer::close_connection(std::size_t connection) {
    connections_.at(connection)->pushes.close();
    connections_.at(connection)->stream.close();
}

void ScriptedServer::stop() {
    acceptor_.close();
    for (std::size_t i = 0; i < connections_.size(); ++i)
        close_connection(i);
}

awaitable<> ScriptedServer::accept() {
    for (;;) {
        auto [failed, socket] = co_await acceptor_.async_accept(as_tuple);
        if (failed) co_return;
        socket.native_non_blocking(true, failed);
        const int descriptor = socket.release();
        ByteStream stream = ByteStream::adopt(worker_.executor(), descriptor, failed);
        stream.set_no_delay();
        connections_.push_back(
            std::make_shared<Connection>(std::move(stream), connections_.size()));
        spawn_logged(worker_, serve(connections_.back()), "test.serve");
    }
}

awaitable<> ScriptedServer::serve(std::shared_ptr<Connection> connection) {
    if (tls_) {
        const Result<void> shaken =
            co_await connection->stream.accept_tls(*tls_, std::chrono::seconds(5));
        if (shaken.has_error()) co_return;
    }
    for (;;) {
        const bool asked = co_await read_request(*connection);
        if (!asked) break;
        ServerAnswer said = script_(requests.back());
        const bool more = co_await answer(connection, std::move(said));
        if (!more) break;
    }
    connection->stream.close();
}

awaitable<bool> ScriptedServer::read_request(Connection& connection) {
    std::string& unread = connection.unread;
    std::optional<std::size_t> needed;
    char buffer[4096];
    for (;;) {
        const auto head_end = unread.find("\r\n\r\n");
        if (head_end != std::string::npos) {
            ServerRequest request(connection.index, unread.substr(0, head_end + 4));
            const std::size_t whole = head_end + 4 + content_length(request);
            if (unread.size() >= whole) {
                request.body = unread.substr(head_end + 4, whole - head_end - 4);
                unread.erase(0, whole);
                requests.push_back(std::move(request));
                co_return true;
            }
        }
        const asio::mutable_buffer room(buffer, sizeof buffer);
        const auto [failed, got] = co_await connection.stream.read_some(room);
        if (failed) co_return false;
        unread.append(buffer, got);
    }
}

awaitable<bool> ScriptedServer::answer(std::shared_ptr<Connection> connection,
                                       ServerAnswer answer) {
    const std::size_t piece = answer.bytewise ? 1 : std::max<std::size_t>(answer.bytes.size(), 1);
    for (std::size_t at = 0; at < answer.bytes.size(); at += piece) {
        const bool written = co_await write_all(connection->stream,
                                                std::string_view(answer.bytes).substr(at, piece));
        if (!written) co_return false;
    }
    if (answer.then == ServerAnswer::Then::stay) {
        spawn_logged(worker_, watch(connection), "test.watch");
        while (auto bytes = co_await connection->pushes.pop()) {
            co_await write_all(connection->stream, *bytes);
        }
        co_return false;
    }
    if (answer.then == ServerAnswer::Then::reset) {
        const int descriptor = connection->stream.release();
        const linger at_once = {1, 0};
        ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        error_code ignored;
        connection->stream = ByteStream::adopt(worker_.executor(), descriptor, ignored);
    }
    co_return answer.then == ServerAnswer::Then::keep;
}

/// Notices that the client has left.
awaitable<> ScriptedServer::watch(std::shared_ptr<Connection> connection) {
    char byte = 0;
    const asio::mutable_buffer room(&byte, 1);
    (void)co_await connection->stream.read_some(room);
    connection->pushes.close();
    connection->stream.close();
}

}  // namespace shadowcat::http::testing
