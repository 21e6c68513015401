// SPDX-License-Identifier: Apache-2.0
// Session ids.
#include "core/session/session_id.hpp"

#include <doctest/doctest.h>

#include <set>

using shadowcat::core::SessionIds;

TEST_CASE("ids are unique, visible ASCII, and name their worker") {
    const SessionIds ids;
    std::set<std::string> seen;
    for (std::size_t i = 0; i < 1000; ++i) {
        const std::string id = ids.mint(i % 7);
        CHECK(id.size() == 50);
        CHECK(SessionIds::worker_of(id, 7) == i % 7);
        CHECK(ids.minted(id));
        seen.insert(id);
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("foreign and altered ids are not ours, but have a worker") {
    const SessionIds ids, others;
    std::string id = ids.mint(1);
    CHECK_FALSE(others.minted(id));
    id[10] = id[10] == 'a' ? 'b' : 'a';
    CHECK_FALSE(ids.minted(id));
    CHECK_FALSE(ids.minted("test-123"));
    CHECK(SessionIds::worker_of("test-123", 4) == SessionIds::worker_of("test-123", 4));
    CHECK(SessionIds::worker_of("test-123", 4) < 4);
}
