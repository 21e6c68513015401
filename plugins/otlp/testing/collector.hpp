// SPDX-License-Identifier: Apache-2.0
// Collector: a scripted OTLP receiver on loopback.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "testing/test_certificate.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::otlp::testing {

class Received {
public:
    Received(std::size_t on, std::string head_text, std::string body_text)
        : connection(on), head(std::move(head_text)), body(std::move(body_text)) {}

    bool has_line(const std::string& line) const {
        return head.find("\r\n" + line + "\r\n") != std::string::npos;
    }
    std::string first_line() const { return head.substr(0, head.find("\r\n")); }
    sdk::Json json() const { return sdk::Json::parse(body); }

    std::size_t connection;  ///< 0-based, in order of arrival
    std::string head, body;
};

/// What the collector does about one request.
class Answer {
public:
    enum class Then { keep, close, stay_silent };

    explicit Answer(std::string text, Then afterwards = Then::keep)
        : bytes(std::move(text)), then(afterwards) {}

    static Answer json(const std::string& status, const std::string& body,
                       const std::string& headers = {});
    static Answer ok() { return json("200 OK", "{}"); }
    static Answer close() { return Answer("", Then::close); }
    static Answer silence() { return Answer("", Then::stay_silent); }

    std::string bytes;
    Then then;
};

/// Runs on the test's worker.
class Collector {
public:
    using Script = std::function<Answer(const Received&)>;

    /// With `certificate` it speaks TLS.
    Collector(sdk::Worker& worker, Script script, const TestCertificate* certificate = nullptr);
    ~Collector();

    std::uint16_t port() const { return port_; }
    std::string url() const;

    std::vector<Received> received;
    std::size_t connections = 0;

    /// Stops listening and closes all connections; `resume` listens again on the same port.
    void stop();
    void resume();
    void close_connections();

private:
    class Tls;
    using Socket = sdk::asio::basic_stream_socket<sdk::asio::ip::tcp, sdk::Executor>;
    using Acceptor = sdk::asio::basic_socket_acceptor<sdk::asio::ip::tcp, sdk::Executor>;

    sdk::awaitable<> accept();
    sdk::awaitable<> serve(std::shared_ptr<Socket> socket, std::size_t index);
    template <class Stream>
    sdk::awaitable<> converse(Stream& stream, std::size_t index);

    sdk::Worker& worker_;
    Script script_;
    std::unique_ptr<Tls> tls_;
    std::optional<Acceptor> acceptor_;
    std::uint16_t port_ = 0;
    std::vector<std::weak_ptr<Socket>> sockets_;  // owned by their coroutines
};

}  // namespace shadowcat::otlp::testing
