// SPDX-License-Identifier: Apache-2.0
// Streams on loopback: gather writes, ends, and connections that move to another worker.
#include "byte_stream.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include "testing/run_until.hpp"

#include <boost/asio/connect.hpp>

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <optional>

using namespace shadowcat::http;
using namespace shadowcat::http::testing;

namespace {

using Transferred = ByteStream::Transferred;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;

/// Both ends of a connection on one worker.
class Pair {
public:
    explicit Pair(Worker& worker)
        : acceptor(worker.executor(), asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          client(worker.executor()) {
        spawn_logged(worker, connect(), "test.connect");
        spawn_logged(worker, accept(), "test.accept");
        REQUIRE(run_until(worker, [&] { return server && connected; }));
    }

    awaitable<> connect() {
        const auto port = acceptor.local_endpoint().port();
        failed = co_await client.connect("127.0.0.1", port, std::chrono::seconds(5));
        connected = true;
    }
    awaitable<> accept() {
        auto [error, socket] = co_await acceptor.async_accept(as_tuple);
        if (error) co_return;
        const Executor here = acceptor.get_executor();
        server.emplace(ByteStream::adopt(here, socket.release(), error));
    }

    Acceptor acceptor;
    ByteStream client;
    std::optional<ByteStream> server;
    error_code failed;
    bool connected = false;
};

awaitable<> read_into(ByteStream& stream, std::string& text, error_code& end) {
    char buffer[64];
    for (;;) {
        const asio::mutable_buffer room(buffer, sizeof buffer);
        const auto [failed, got] = co_await stream.read_some(room);
        text.append(buffer, got);
        if (failed) {
            end = failed;
            co_return;
        }
    }
}

awaitable<> write_parts(ByteStream& stream) {
    const std::array<asio::const_buffer, 3> parts = {asio::buffer("ab", 2), asio::buffer("", 0),
                                                     asio::buffer("cde", 3)};
    const auto [failed, written] = co_await stream.write(parts);
    CHECK_FALSE(failed);
    CHECK(written == 5);
}

}  // namespace

TEST_CASE("parts are written in order, the end is seen, what came before it can be read") {
    Worker worker;
    Pair pair(worker);
    CHECK_FALSE(pair.failed);
    CHECK(pair.client.peer() ==
          "127.0.0.1:" + std::to_string(pair.acceptor.local_endpoint().port()));
    std::string got;
    error_code end;
    spawn_logged(worker, read_into(*pair.server, got, end), "test.read");
    spawn_logged(worker, write_parts(pair.client), "test.write");
    CHECK(run_until(worker, [&] { return got == "abcde"; }));
    pair.client.shutdown_send();
    CHECK(run_until(worker, [&] { return end == asio::error::eof; }));
    CHECK(pair.client.is_open());
}

TEST_CASE("closing ends a pending read") {
    Worker worker;
    Pair pair(worker);
    std::string got;
    error_code end;
    spawn_logged(worker, read_into(pair.client, got, end), "test.read");
    worker.poll();
    pair.client.close();
    pair.client.close();
    CHECK(run_until(worker, [&] { return end == asio::error::operation_aborted; }));
    CHECK_FALSE(pair.client.is_open());
    CHECK(pair.client.peer().empty());
}

TEST_CASE("without waiting: nothing, what is there, and the end") {
    Worker worker;
    Pair pair(worker);
    char buffer[64];
    const asio::mutable_buffer room(buffer, sizeof buffer);
    CHECK(pair.client.try_read(room) == Transferred(asio::error::would_block, 0));
    CHECK(pair.server->try_write(std::array{asio::buffer("ab", 2), asio::buffer("cde", 3)}) ==
          Transferred(error_code(), 5));
    CHECK(run_until(worker,
                    [&] { return pair.client.try_read(room) == Transferred(error_code(), 5); }));
    CHECK(std::string_view(buffer, 5) == "abcde");
    pair.server->close();
    CHECK(run_until(
        worker, [&] { return pair.client.try_read(room) == Transferred(asio::error::eof, 0); }));
    pair.client.close();
    CHECK(pair.client.try_read(room) == Transferred(asio::error::bad_descriptor, 0));
}

TEST_CASE("without waiting no more is written than the peer has room for") {
    Worker worker;
    Pair pair(worker);
    const std::string much(std::size_t{64} << 20, 'x');
    const std::array<asio::const_buffer, 1> parts = {asio::buffer(much)};
    const auto [failed, written] = pair.client.try_write(parts);
    CHECK_FALSE(failed);
    CHECK(written > 0);
    CHECK(written < much.size());
    CHECK(run_until(worker, [&] {
        return pair.client.try_write(parts) == Transferred(asio::error::would_block, 0);
    }));
    pair.client.close();
    CHECK(pair.client.try_write(parts) == Transferred(asio::error::bad_descriptor, 0));
}

TEST_CASE("an idle connection is stale once its peer has closed it or said something") {
    Worker worker;
    Pair pair(worker);
    CHECK_FALSE(pair.client.is_stale());
    spawn_logged(worker, write_parts(*pair.server), "test.write");
    CHECK(run_until(worker, [&] { return pair.client.is_stale(); }));
    Pair other(worker);
    other.server->close();
    CHECK(run_until(worker, [&] { return other.client.is_stale(); }));
    other.client.close();
    CHECK(other.client.is_stale());
}

TEST_CASE("a plain connection moves to another worker") {
    Worker here, there;
    Pair pair(here);
    const int descriptor = pair.server->release();
    REQUIRE(descriptor >= 0);
    CHECK_FALSE(pair.server->is_open());
    CHECK(pair.server->release() == -1);
    error_code failed;
    ByteStream moved = ByteStream::adopt(there.executor(), descriptor, failed);
    CHECK_FALSE(failed);
    std::string got;
    error_code end;
    spawn_logged(there, read_into(moved, got, end), "test.read");
    spawn_logged(here, write_parts(pair.client), "test.write");
    CHECK(run_until(here, [&] { return here.gate().inside() == 0; }));
    CHECK(run_until(there, [&] { return got == "abcde"; }));
    moved.close();
    CHECK(run_until(there, [&] { return there.gate().inside() == 0; }));
}

TEST_CASE("what is no connected socket can't be adopted") {
    Worker worker;
    error_code failed;
    const ByteStream stream = ByteStream::adopt(worker.executor(), -1, failed);
    CHECK(failed);
    CHECK_FALSE(stream.is_open());
}

TEST_CASE("nobody listens there") {
    Worker worker;
    std::uint16_t port = 0;
    {
        const Acceptor brief(worker.executor(),
                             asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0));
        port = brief.local_endpoint().port();
    }
    ByteStream stream(worker.executor());
    error_code failed;
    bool done = false;
    const auto connect = [&]() -> awaitable<> {
        failed = co_await stream.connect("127.0.0.1", port, std::chrono::seconds(5));
        done = true;
    };
    spawn_logged(worker, connect(), "test.connect");
    CHECK(run_until(worker, [&] { return done; }));
    CHECK(failed == asio::error::connection_refused);
    CHECK_FALSE(stream.is_open());
}
