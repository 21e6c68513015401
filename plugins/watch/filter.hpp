// SPDX-License-Identifier: Apache-2.0
// Filter: what a viewer wants to see.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "entry.hpp"

#include <optional>
#include <string>
#include <vector>

namespace shadowcat::watch {

/// The same keys in a configuration, in the request of a viewer and as options of the command.
class Filter {
public:
    static sdk::Schema schema();

    /// `config` passed `schema`.
    explicit Filter(const sdk::Json& config);

    /// Whether to show `entry`; `found`: `contains` is in its message, or in its event's text. An
    /// event about no message is hidden where the filter asks for something that only messages
    /// have. What was dropped is always told.
    bool shows(const Entry& entry, bool found) const;

    std::vector<std::string> methods;  ///< Patterns; empty: all. So with the next three.
    std::vector<std::string> tools;    ///< Also names of prompts, URIs of resources.
    std::vector<std::string> sessions;
    std::vector<std::string> upstreams;
    std::optional<sdk::Direction> direction;
    bool errors;         ///< Only what went wrong.
    sdk::Duration slow;  ///< Only answers that took that long; zero: all.
    std::string contains;
    bool payload;
    std::size_t max_payload_bytes;

private:
    bool shows_message(const Entry& entry) const;
    bool shows_events() const;
};

}  // namespace shadowcat::watch
