// SPDX-License-Identifier: Apache-2.0
// tcp_connect: ports that accept, refuse, or say nothing.
#include "tcp_connect.hpp"

#include "fake_target.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

using namespace shadowcat;

namespace {

/// A port of the loopback address that nobody else can take.
class Port {
public:
    Port() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address = place();
        socklen_t size = sizeof address;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        number = ntohs(address.sin_port);
    }
    Port(const Port&) = delete;
    Port& operator=(const Port&) = delete;
    ~Port() { ::close(socket_); }

    sockaddr_in place() const {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(number);
        return address;
    }
    void listen(int backlog = 8) { REQUIRE(::listen(socket_, backlog) == 0); }
    std::string url(const std::string& host = "127.0.0.1") const {
        return "http://" + host + ":" + std::to_string(number) + "/mcp";
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(number); }

    /// What the next one who connected sent until it closed.
    std::string received() {
        const int peer = ::accept(socket_, nullptr, nullptr);
        std::array<char, 64> bytes{};
        const ssize_t size = ::read(peer, bytes.data(), bytes.size());
        ::close(peer);
        return size < 0 ? "error" : std::string(bytes.data(), static_cast<std::size_t>(size));
    }

    std::uint16_t number = 0;

private:
    int socket_;
};

/// Connections that nobody accepts, as many as the kernel takes.
class Visitors {
public:
    Visitors(const Port& port, int count) {
        const sockaddr_in there = port.place();
        for (int i = 0; i < count; ++i) {
            sockets_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            ::connect(sockets_.back(), reinterpret_cast<const sockaddr*>(&there), sizeof there);
        }
    }
    Visitors(const Visitors&) = delete;
    Visitors& operator=(const Visitors&) = delete;
    ~Visitors() {
        for (const int each : sockets_)
            ::close(each);
    }

private:
    std::vector<int> sockets_;
};

sdk::Result<void> verdict_on_target(const std::string& target,
                                    const sdk::Json& config = sdk::Json::object(),
                                    sdk::Duration limit = std::chrono::seconds(20)) {
    sdk::Worker worker;
    pool::TcpConnect checker(config, sdk::HealthContext(worker, "u", target, limit));
    pool::FakeTarget unused;
    std::optional<sdk::Result<void>> outcome;
    sdk::spawn_logged(worker, pool::probe(checker, unused, outcome), "test.probe");
    worker.run();
    CHECK(unused.asked.empty());
    return outcome.value();
}

}  // namespace

TEST_CASE("a port that accepts is healthy, and hears nothing but the end") {
    Port port;
    port.listen();
    CHECK(verdict_on_target(port.url()).has_value());
    CHECK(port.received().empty());
}

TEST_CASE("a name is looked up") {
    Port port;
    port.listen();
    CHECK(verdict_on_target(port.url("localhost")).has_value());
}

TEST_CASE("address says where to look instead of the URL, and is enough without one") {
    Port port;
    port.listen();
    const sdk::Json there = {{"address", port.address()}};
    CHECK(verdict_on_target("http://127.0.0.1:1/mcp", there).has_value());
    CHECK(verdict_on_target("mcp-server --production", there).has_value());
}

TEST_CASE("a port that nobody listens on is unhealthy, and named") {
    const Port port;
    const auto verdict = verdict_on_target(port.url());
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code() == sdk::ErrorCode::unreachable);
    CHECK(verdict.error().message() == port.address() + ": Connection refused");
}

TEST_CASE("a name that doesn't exist is unhealthy, and named") {
    const auto verdict = verdict_on_target("http://no-such-host.invalid/mcp");
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().message().starts_with("no-such-host.invalid:80: "));
}

TEST_CASE("a port that doesn't answer is unhealthy once the time is up") {
    Port port;
    port.listen(0);
    // A full queue of connections: the kernel drops what else comes.
    const Visitors queue(port, 4);
    const auto verdict =
        verdict_on_target(port.url(), sdk::Json::object(), std::chrono::milliseconds(50));
    REQUIRE(verdict.has_error());
    CHECK(verdict.error().code() == sdk::ErrorCode::timed_out);
    CHECK(verdict.error().message() == port.address() + ": no connection within 50 ms");
}

TEST_CASE("an upstream without a URL needs an address: a mistake of the configuration") {
    CHECK_THROWS_WITH_AS(verdict_on_target("mcp-server --production"),
                         doctest::Contains("give `address: host:port`"), std::runtime_error);
    CHECK_THROWS_WITH_AS(verdict_on_target("", sdk::Json{{"address", "host"}}),
                         doctest::Contains("address: \"host\" names no port"), std::runtime_error);
}
