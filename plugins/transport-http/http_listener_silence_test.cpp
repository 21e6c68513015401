// SPDX-License-Identifier: Apache-2.0
// Clients that vanish without a word: what the system is asked to do about them.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace shadowcat::http;

namespace {

constexpr int kMostDescriptors = 1024;

/// The server's end of `client`'s connection: this process has it too.
int server_end(const RawClient& client) {
    for (int descriptor = 0; descriptor < kMostDescriptors; ++descriptor) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
        if (peer.sin_family == AF_INET && ntohs(peer.sin_port) == client.own_port())
            return descriptor;
    }
    return -1;
}

int option(int descriptor, int level, int name) {
    int value = -1;
    socklen_t size = sizeof value;
    ::getsockopt(descriptor, level, name, &value, &size);
    return value;
}

}  // namespace

TEST_CASE("keepalive_secs: the system asks silent clients, and gives up those that don't answer") {
    ListenerRig rig(Json{{"keepalive_secs", 40}});
    RawClient client = rig.connect();
    REQUIRE(client.ask(request("GET", "", "/health")).status == 200);
    const int server = server_end(client);
    REQUIRE(server >= 0);
    CHECK(option(server, SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option(server, IPPROTO_TCP, TCP_KEEPIDLE) == 40);
    CHECK(option(server, IPPROTO_TCP, TCP_KEEPINTVL) == 10);
    CHECK(option(server, IPPROTO_TCP, TCP_KEEPCNT) == 4);
    CHECK(option(server, IPPROTO_TCP, TCP_USER_TIMEOUT) == 80000);
}

TEST_CASE("keepalive_secs: 0 asks nobody") {
    ListenerRig rig(Json{{"keepalive_secs", 0}});
    RawClient client = rig.connect();
    REQUIRE(client.ask(request("GET", "", "/health")).status == 200);
    const int server = server_end(client);
    REQUIRE(server >= 0);
    CHECK(option(server, SOL_SOCKET, SO_KEEPALIVE) == 0);
    CHECK(option(server, IPPROTO_TCP, TCP_USER_TIMEOUT) == 0);
}
