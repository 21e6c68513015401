// SPDX-License-Identifier: Apache-2.0
// ProcessUsage: what this process costs the machine, and since when.
#pragma once

#include "shadowcat/sdk/metrics.hpp"

#include <cstdint>
#include <string>

namespace shadowcat::metrics {

/// Zero for what the system doesn't tell.
class ProcessUsage {
public:
    /// Reads /proc. From any thread.
    static ProcessUsage now();

    double cpu_seconds = 0;    ///< of all threads, in user and system
    double start_seconds = 0;  ///< since the epoch
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t open_descriptors = 0;
    std::uint64_t max_descriptors = 0;
};

/// `usage` under the names that Prometheus's own client libraries use, and the version as
/// `shadowcat_build_info`.
std::string process_text(const ProcessUsage& usage);

}  // namespace shadowcat::metrics
