// SPDX-License-Identifier: Apache-2.0
// Footprint: what this process holds of the system's resources at a moment.
#pragma once

#include <set>
#include <string>

namespace shadowcat::contract {

/// Open descriptors and child processes, zombies included.
class Footprint {
public:
    static Footprint now();

    bool operator==(const Footprint&) const = default;

    /// What this one holds and `before` doesn't.
    std::string beyond(const Footprint& before) const;

private:
    std::set<std::string> items_;
};

}  // namespace shadowcat::contract
