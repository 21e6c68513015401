// SPDX-License-Identifier: Apache-2.0
// Ignored: what a comparison of two JSON values passes over.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

/// JSON pointers whose values, and all below them, may differ. `*` stands for any one key or index,
/// `**` for any number of them: `/result/content/*/text`, `/**/etag`.
class Ignored {
public:
    static constexpr std::size_t kMaxSegments = 63;

    /// Nothing but times.
    Ignored() = default;

    /// Fails with `config` and one sentence when one is no JSON pointer.
    static sdk::Result<Ignored> parse(const std::vector<std::string>& pointers);

    /// The same, for pointers that are known to be good: throws `std::invalid_argument`.
    explicit Ignored(const std::vector<std::string>& pointers);

    /// Whether the value at `path` (its keys, escapes resolved) is ignored.
    bool covers(const std::vector<std::string>& path) const;

    /// Takes strings that differ only in ISO 8601 times and UUIDs for the same, and numbers that
    /// are Unix times in members named like one (`timestamp`, `created_at`).
    bool times = true;

private:
    using Segments = std::vector<std::string>;

    static sdk::Result<Segments> split(const std::string& pointer);

    std::vector<Segments> pointers_;
};

/// `path` as a JSON pointer.
std::string json_pointer(const std::vector<std::string>& path);

}  // namespace shadowcat::tape
