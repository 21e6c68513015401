// SPDX-License-Identifier: Apache-2.0
// OpenRequests: requests on a tape that have no response yet.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
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
/// oldest is forgotten.
class OpenRequests {
public:
    static constexpr std::size_t kMax = 10'000;

    /// `request` has a greater `seq` than those before it.
    void add(std::string_view scope, OpenRequest request);

    /// The request that a response which goes in `direction` answers.
    std::optional<OpenRequest> take(std::string_view scope, sdk::Direction direction,
                                    std::string_view id);

    /// All, oldest first.
    std::vector<OpenRequest> take_all();

private:
    class Kept {
    public:
        std::string key;
        OpenRequest request;
    };
    std::map<std::uint64_t, Kept> requests_;                     // by sequence number
    std::map<std::string, std::uint64_t, std::less<>> numbers_;  // their keys
};

}  // namespace shadowcat::tape
