// SPDX-License-Identifier: Apache-2.0
// The configuration of message_log.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/log.hpp"

#include <cstddef>
#include <set>
#include <string>

namespace shadowcat::message_log {

class Options {
public:
    static sdk::Schema schema();

    /// Throws `std::invalid_argument` when payload is asked for at a level above debug.
    explicit Options(const sdk::Json& config);

    sdk::log::Level level;
    bool payload;
    std::size_t max_bytes;
    std::set<std::string, std::less<>> methods;  ///< empty: all messages
};

}  // namespace shadowcat::message_log
