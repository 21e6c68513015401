// SPDX-License-Identifier: Apache-2.0
// ScriptedServer: an HTTP server for tests that notes what it is asked and answers with given
// bytes.
#pragma once

#include "shadowcat/sdk/mailbox.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "byte_stream.hpp"
#include "tls_context.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::http::testing {

class ServerRequest {
public:
    ServerRequest(std::size_t on, std::string head_text)
        : connection(on), head(std::move(head_text)) {}

    /// The first word of the head.
    std::string method() const { return head.substr(0, head.find(' ')); }

    /// The value of a header, spelled exactly so; empty when absent.
    std::string header(const std::string& name) const;

    std::size_t connection;  ///< 0-based, in order of arrival
    std::string head, body;
};

/// What the server does about one request.
class ServerAnswer {
public:
    enum class Then { keep, close, reset, stay };

    explicit ServerAnswer(std::string text, Then afterwards = Then::keep)
        : bytes(std::move(text)), then(afterwards) {}

    /// 200 (or another status) with a JSON body.
    static ServerAnswer json(const std::string& body, const std::string& headers = {},
                             const std::string& status = "200 OK");

    /// A chunked event stream; without its last chunk unless `then` is `keep`.
    static ServerAnswer events(const std::string& stream, Then then = Then::keep,
                               const std::string& headers = {});

    static ServerAnswer accepted();
    static ServerAnswer status(const std::string& status, const std::string& headers = {});

    std::string bytes;
    Then then;              ///< `stay`: leave the connection open, for `ScriptedServer::push`
    bool bytewise = false;  ///< one byte per write
};

/// One chunk of a chunked body.
std::string chunk(const std::string& text);

/// Listens on 127.0.0.1 and runs on the test's worker.
class ScriptedServer {
public:
    using Script = std::function<ServerAnswer(const ServerRequest&)>;

    ScriptedServer(sdk::Worker& worker, Script script,
                   std::optional<TlsContext> tls = std::nullopt);
    ~ScriptedServer();

    std::uint16_t port() const { return port_; }

    /// What clients asked, in order.
    std::vector<ServerRequest> requests;

    std::size_t connections() const { return connections_.size(); }
    std::size_t open_connections() const;

    /// Sends `bytes` on a connection whose answer said `stay`.
    void push(std::size_t connection, std::string bytes);

    void close_connection(std::size_t connection);

    /// Stops listening and closes all connections.
    void stop();

private:
    class Connection;
    using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

    awaitable<> accept();
    awaitable<> serve(std::shared_ptr<Connection> connection);
    awaitable<bool> read_request(Connection& connection);
    awaitable<bool> answer(std::shared_ptr<Connection> connection, ServerAnswer answer);
    static awaitable<> watch(std::shared_ptr<Connection> connection);

    sdk::Worker& worker_;
    Script script_;
    std::optional<TlsContext> tls_;
    Acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::vector<std::shared_ptr<Connection>> connections_;
};

}  // namespace shadowcat::http::testing
