// SPDX-License-Identifier: Apache-2.0
// TapeSummary: what is told about one tape in a list.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace shadowcat::tape {

class TapeSummary {
public:
    std::filesystem::path file;
    std::string tape_id, created_at, session, upstream, revision;
    std::string status;  ///< `recording`, `finalized`, `interrupted`, `error: …`
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    double duration_ms = 0;
    std::uint64_t parts = 1;
    std::uint64_t dropped = 0;
};

/// From the tape's metadata, or, where there is none that can be read, from the tape itself, which
/// takes as long as reading it does.
sdk::Result<TapeSummary> summarise(const std::filesystem::path& tape);

/// All files of the tape whose first part is `tape`: its parts and its metadata, as far as they
/// exist.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& tape);

sdk::Json to_json(const TapeSummary& summary);

}  // namespace shadowcat::tape
