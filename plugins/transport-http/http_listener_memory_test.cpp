// SPDX-License-Identifier: Apache-2.0
// What a client costs that is connected and says nothing. Measured without the session behind it;
// the bounds leave a little room for other compilers.
#include "testing/listener_rig.hpp"

#include <doctest/doctest.h>
#include <malloc.h>

#include <vector>

using namespace shadowcat::http;

namespace {

constexpr std::size_t kClients = 200;

/// Bytes that this process has allocated; 0 where another allocator counts (sanitizers).
std::size_t allocated() { return ::mallinfo2().uordblks; }

std::size_t each_since(std::size_t before) {
    const std::size_t now = allocated();
    return now > before ? (now - before) / kClients : 0;
}

std::vector<RawClient> connect_all(const ListenerRig& rig) {
    std::vector<RawClient> clients;
    clients.reserve(kClients);
    for (std::size_t i = 0; i < kClients; ++i)
        clients.push_back(rig.connect());
    return clients;
}

/// Ticks give idle memory back, and a warm-up lets pools and caches reach their size.
void settle(ListenerRig& rig) {
    for (int tick = 0; tick < 3; ++tick)
        rig.wait_for_tick(0);
}

}  // namespace

TEST_CASE("an idle keep-alive connection costs little memory") {
    ListenerRig rig(Json::object(), 1);
    std::vector<RawClient> clients = connect_all(rig);
    settle(rig);
    const std::size_t before = allocated();
    std::vector<RawClient> others = connect_all(rig);
    for (RawClient& client : others)
        REQUIRE(client.ask(request("GET", "", "/health")).status == 200);
    settle(rig);
    const std::size_t each = each_since(before);
    MESSAGE("bytes per idle connection: " << each);
    CHECK(each <= 4608);
}

TEST_CASE("an open GET stream costs little memory") {
    ListenerRig rig(Json::object(), 1);
    RawClient opener = rig.connect();
    std::vector<std::string> sessions;
    for (std::size_t i = 0; i < 2 * kClients; ++i)
        sessions.push_back(rig.open_session(opener));
    const auto listen = [&](std::vector<RawClient>& clients, std::size_t from) {
        for (std::size_t i = 0; i < kClients; ++i) {
            clients[i].send(request("GET", "Accept: text/event-stream\r\nMcp-Session-Id: " +
                                               sessions[from + i] + "\r\n"));
            REQUIRE(clients[i].read_head().status == 200);
        }
    };
    std::vector<RawClient> first = connect_all(rig);
    listen(first, 0);
    settle(rig);
    const std::size_t before = allocated();
    std::vector<RawClient> others = connect_all(rig);
    listen(others, kClients);
    settle(rig);
    const std::size_t each = each_since(before);
    MESSAGE("bytes per open stream: " << each);
    CHECK(each <= 7168);
}
