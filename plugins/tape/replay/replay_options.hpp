// SPDX-License-Identifier: Apache-2.0
// The configuration of the connector `replay`.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"

#include "replay/request_form.hpp"
#include "replay/schedule.hpp"

#include <cstdint>
#include <string>

namespace shadowcat::tape {

enum class OnNoMatch : std::uint8_t { error, closest, upstream };

class ReplayOptions {
public:
    static sdk::Schema schema();

    /// Throws `std::invalid_argument` for values that contradict each other.
    explicit ReplayOptions(const sdk::Json& config);

    std::string tape;       ///< a path, or an id
    std::string directory;  ///< where ids are looked up; empty: the default
    MatchMode match;
    Timing timing;
    double speed;
    OnNoMatch on_no_match;
    sdk::Json upstream;  ///< as other connectors take it, with `transport`; empty: none
    bool allow_redacted;
    sdk::Duration answer_timeout;

private:
    void check(const sdk::Json& config) const;
};

}  // namespace shadowcat::tape
