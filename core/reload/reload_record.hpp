// SPDX-License-Identifier: Apache-2.0
// ReloadRecord: how one attempt to take over a changed configuration ended.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace shadowcat::core {

class ReloadRecord {
public:
    ReloadRecord() = default;

    /// As the admin pages show it.
    shadowcat::sdk::Json json() const;

    std::uint64_t number = 0;  ///< 1 for the first; 0: there was none yet
    std::string trigger;       ///< `signal`, `file`, `admin`
    std::chrono::system_clock::time_point at;
    bool applied = false;
    std::string changes;              ///< what was applied, in words
    std::vector<std::string> errors;  ///< why nothing was
};

}  // namespace shadowcat::core
