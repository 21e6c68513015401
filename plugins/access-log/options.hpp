// SPDX-License-Identifier: Apache-2.0
// The configuration of access_log.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "field_set.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace shadowcat::access_log {

class Options {
public:
    static sdk::Schema schema();

    /// `config` passed `schema`. Throws `std::invalid_argument` for what the schema can't check.
    explicit Options(const sdk::Json& config);

    /// What `path` says when it names a stream instead of a file.
    static constexpr std::string_view kStdout = "stdout";
    static constexpr std::string_view kStderr = "stderr";

    std::string path;
    FieldSet fields;
    std::uint64_t max_bytes;  ///< 0: no rotation
    unsigned keep;
    std::size_t queue_bytes;
};

}  // namespace shadowcat::access_log
