// SPDX-License-Identifier: Apache-2.0
// Reading recordings from the files of a tape.
#pragma once

#include "replay/recording.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace shadowcat::tape {

/// Is told now and then how many bytes of how many have been read.
using ReadProgress = std::function<void(std::uint64_t read, std::uint64_t total)>;

/// Goes through the tape once and keeps its index and its open files. Blocking; not for workers.
/// Fails as `TapeReader::open`, and with `protocol` when it has no request that can be replayed.
sdk::Result<std::shared_ptr<const Recording>> read_recording(const std::filesystem::path& file,
                                                             const ReadProgress& progress = {});

/// The same; as long as somebody holds it, and the file stays as it is, a tape is read only once.
/// From any thread.
sdk::Result<std::shared_ptr<const Recording>> shared_recording(const std::filesystem::path& file,
                                                               const ReadProgress& progress = {});

/// Fails with `config` when something was replaced in messages of the tape, and says how to replay
/// it all the same. `name` is what the operator calls it.
sdk::Result<void> refuse_redacted(const Recording& recording, const std::string& name);

}  // namespace shadowcat::tape
