// SPDX-License-Identifier: Apache-2.0
// The configuration of the interceptor `tape`.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace shadowcat::tape {

class RedactOptions {
public:
    RedactOptions() = default;

    bool enabled = true;
    std::vector<std::string> headers;   ///< names, beside the ones that are always secret
    std::vector<std::string> pointers;  ///< JSON pointers into messages, `*` for any member
    std::vector<std::string> patterns;  ///< RE2
};

class Options {
public:
    static sdk::Schema schema();

    /// `config` passed `schema`. Throws `std::invalid_argument` for what the schema can't check.
    /// Opens and makes nothing.
    explicit Options(const sdk::Json& config);

    /// Whether `path` names one file instead of a directory.
    bool is_file() const { return path.extension() == ".jsonl"; }

    std::filesystem::path path;
    std::uint64_t max_file_bytes;   ///< 0: no rotation
    std::uint64_t max_files;        ///< 0: no limit
    std::uint64_t max_total_bytes;  ///< 0: no limit
    std::size_t queue_bytes;
    bool block;                                  ///< messages wait when the queue is full
    bool events;                                 ///< record what happens beside messages
    std::set<std::string, std::less<>> methods;  ///< empty: all
    RedactOptions redact;
};

}  // namespace shadowcat::tape
