// SPDX-License-Identifier: Apache-2.0
// EventRecord: a transport event that outlives the call that told of it.
#pragma once

#include "shadowcat/sdk/transport_event.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::tape {

class EventRecord {
public:
    using Kind = sdk::TransportEvent::Kind;
    using Headers = std::vector<std::pair<std::string, std::string>>;

    EventRecord() = default;
    explicit EventRecord(const sdk::TransportEvent& event);

    Kind kind = Kind::session_opened;
    sdk::Hop hop = sdk::Hop::downstream;
    std::string session;
    std::string upstream;
    std::uint64_t stream = 0;
    std::string method;
    std::string target;
    std::string text;
    int status = 0;
    Headers headers;
    std::string event_id;
    std::string event_name;
    std::optional<std::uint64_t> retry_ms;
    std::uint64_t data_bytes = 0;
    bool redacted = false;  ///< something in it was replaced
};

}  // namespace shadowcat::tape
