// SPDX-License-Identifier: Apache-2.0
// CacheSettings: what the configuration says about keeping results.
#pragma once

#include <chrono>
#include <cstddef>

namespace shadowcat::core {

class CacheSettings {
public:
    CacheSettings() = default;
    bool operator==(const CacheSettings&) const = default;

    bool enabled = false;
    std::chrono::seconds max_ttl = std::chrono::seconds(3600);  ///< whatever a server says
    std::size_t max_bytes = std::size_t{16} << 20;              ///< of all results together

    /// Whether clients without a proven identity count as one, so that what is private to one of
    /// them may be kept.
    bool anonymous_is_one = false;
};

}  // namespace shadowcat::core
