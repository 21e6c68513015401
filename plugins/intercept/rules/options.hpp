// SPDX-License-Identifier: Apache-2.0
// The configuration of the interceptor `rules`.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace shadowcat::intercept {

class RulesOptions {
public:
    static sdk::Schema schema();
    explicit RulesOptions(const sdk::Json& config);

    std::string file;
    bool reload;
    std::chrono::milliseconds check_interval;
    std::size_t max_rules;
    std::size_t max_paused;
    std::size_t max_waiting;
    std::uint64_t seed;
};

}  // namespace shadowcat::intercept
