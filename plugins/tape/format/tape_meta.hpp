// SPDX-License-Identifier: Apache-2.0
// TapeMeta: what is told about a tape without reading it, in NAME.meta.json beside NAME.jsonl.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/stateless.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace shadowcat::tape {

/// What a tape holds, all parts of it. Also found in its checkpoints and its end.
class TapeStats {
public:
    TapeStats() = default;
    bool operator==(const TapeStats&) const = default;

    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;    ///< of all lines
    double duration_ms = 0;     ///< time of the last line
    std::uint64_t dropped = 0;  ///< messages and events that are missing
    std::uint64_t client_to_server = 0;
    std::uint64_t server_to_client = 0;
    std::uint64_t errors = 0;  ///< error responses
    std::uint64_t correlations = 0;
    std::uint64_t events = 0;
};

class TapeMeta {
public:
    enum class Status : std::uint8_t {
        recording,  ///< or its recorder was killed: then `updated_at` is old
        finalized,
        error  ///< its last lines could not be written
    };

    TapeMeta() = default;

    std::string tape_id;  ///< UUIDv4
    std::string name;     ///< the file's, without `.jsonl`
    std::string created_at;
    std::string updated_at;
    std::string finalized_at;  ///< empty: not yet
    Status status = Status::recording;
    std::string session;  ///< the session's label
    sdk::Era era = sdk::Era::session;
    std::string revision;  ///< the last that was seen
    std::string upstream;  ///< its name
    std::string target;    ///< what the server is: a command, a URL
    std::string client;    ///< the client's address; empty: unknown
    std::string error;     ///< the last failure to write; empty: none
    bool redacted = true;
    std::uint64_t parts = 1;
    TapeStats stats;
    std::string shadowcat_version;
};

/// `NAME.meta.json` for `NAME.jsonl`.
std::filesystem::path meta_file(const std::filesystem::path& tape);

/// The metadata of the tape `NAME.jsonl`. Fails with `unreachable` (no such file) or `protocol`
/// (not what this class writes).
sdk::Result<TapeMeta> read_meta(const std::filesystem::path& tape);

/// Writes another file (mode 0600) and renames it over the old one: readers see the old metadata or
/// the new. Fails with `internal`, naming the file.
sdk::Result<void> write_meta(const std::filesystem::path& tape, const TapeMeta& meta);

sdk::Json to_json(const TapeStats& stats);
sdk::Json to_json(const TapeMeta& meta);

}  // namespace shadowcat::tape
