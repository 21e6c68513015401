// SPDX-License-Identifier: Apache-2.0
// OpenRequests: requests on a tape that have no response yet.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

class OpenRequest {
public:
    OpenRequest() = default;

    std::string id;      ///< JSON text
    std::string method;  ///< as it stands on the tape, like `name`
    std::string name;
    sdk::Direction direction = sdk::Direction::client_to_server;
    std::uint64_t exchange = 0;
    std::uint64_t seq = 0;
    double ts_ms = 0;
};

/// Found by scope (within which ids are unique), direction and id. Bounded: beyond `kMax` the
/// oldest is forgotten. A hash table whose places are used again: no allocation for each request.
class OpenRequests {
public:
    static constexpr std::size_t kMax = 10'000;

    /// Younger than those before it. One with the same scope, direction and id isn't found any
    /// more.
    void add(std::uint64_t scope, OpenRequest request);

    /// The request that a response which goes in `direction` answers.
    std::optional<OpenRequest> take(std::uint64_t scope, sdk::Direction direction,
                                    std::string_view id);

    /// All, oldest first.
    std::vector<OpenRequest> take_all();

private:
    using Index = std::uint32_t;
    static constexpr Index kNone = std::numeric_limits<Index>::max();

    class Place {
    public:
        OpenRequest request;
        std::uint64_t scope = 0;
        std::size_t hash = 0;
        Index next = kNone;   // of the same bucket, or of the free
        Index older = kNone;  // in order of age
        Index younger = kNone;
        bool found = false;  // whether it stands in a bucket
    };

    Index find(std::uint64_t scope, sdk::Direction of_request, std::string_view id) const;
    Index& bucket(std::size_t hash) { return buckets_[hash & (buckets_.size() - 1)]; }
    Index free_place();
    void hide(Index index);
    OpenRequest remove(Index index);
    void grow();

    std::vector<Place> places_;
    std::vector<Index> buckets_;  // a power of two
    std::size_t count_ = 0;
    Index free_ = kNone;
    Index oldest_ = kNone;
    Index youngest_ = kNone;
};

}  // namespace shadowcat::tape
