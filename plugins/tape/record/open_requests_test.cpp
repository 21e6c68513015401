// SPDX-License-Identifier: Apache-2.0
// Requests are found by scope, direction and id; the bound; what shadows what.
#include "record/open_requests.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using sdk::Direction;
using tape::OpenRequest;
using tape::OpenRequests;

namespace {

OpenRequest open_request(const std::string& id, std::uint64_t seq,
                         Direction direction = Direction::client_to_server) {
    OpenRequest request;
    request.id = id;
    request.seq = seq;
    request.direction = direction;
    return request;
}

std::uint64_t seq_of(std::optional<OpenRequest> request) { return request ? request->seq : 999; }

}  // namespace

TEST_CASE("an open request is found once, by scope, direction and id") {
    OpenRequests open;
    CHECK_FALSE(open.take(0, Direction::server_to_client, "1"));
    open.add(0, open_request("1", 1));
    open.add(7, open_request("1", 2));
    open.add(0, open_request("\"1\"", 3));
    open.add(0, open_request("1", 4, Direction::server_to_client));
    CHECK(seq_of(open.take(0, Direction::client_to_server, "1")) == 4);
    CHECK(seq_of(open.take(7, Direction::server_to_client, "1")) == 2);
    CHECK(seq_of(open.take(0, Direction::server_to_client, "\"1\"")) == 3);
    CHECK(seq_of(open.take(0, Direction::server_to_client, "1")) == 1);
    CHECK_FALSE(open.take(0, Direction::server_to_client, "1"));
    CHECK(open.take_all().empty());
}

TEST_CASE("an id that is used again hides the former, which stays open") {
    OpenRequests open;
    for (std::uint64_t seq = 1; seq <= 3; ++seq)
        open.add(0, open_request("5", seq));
    CHECK(seq_of(open.take(0, Direction::server_to_client, "5")) == 3);
    CHECK_FALSE(open.take(0, Direction::server_to_client, "5"));
    const auto rest = open.take_all();
    REQUIRE(rest.size() == 2);
    CHECK(rest[0].seq == 1);
    CHECK(rest[1].seq == 2);
}

TEST_CASE("beyond the bound the oldest is forgotten, and places are used again") {
    OpenRequests open;
    const std::uint64_t count = 3 * OpenRequests::kMax;
    for (std::uint64_t seq = 0; seq < count; ++seq) {
        open.add(0, open_request(std::to_string(seq), seq));
        if (seq % 3 == 2)
            CHECK(seq_of(open.take(0, Direction::server_to_client, std::to_string(seq - 1))) ==
                  seq - 1);
    }
    CHECK_FALSE(open.take(0, Direction::server_to_client, "0"));
    CHECK(seq_of(open.take(0, Direction::server_to_client, std::to_string(count - 1))) ==
          count - 1);
    const auto rest = open.take_all();
    CHECK(rest.size() == OpenRequests::kMax - 2);
    for (std::size_t i = 1; i < rest.size(); ++i)
        CHECK(rest[i - 1].seq < rest[i].seq);
}
