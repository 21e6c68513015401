// SPDX-License-Identifier: Apache-2.0
// What new tapes are called.
#pragma once

#include "record/options.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// A random UUID (version 4). Throws `std::runtime_error` without random bytes.
std::string new_tape_id();

/// The file of a new tape: in a directory `TIME-LABEL-ID.jsonl`; else the configured file, or with
/// `-2`, `-3`, … for the second, third try.
std::filesystem::path tape_file(const Options& options, std::string_view label,
                                const std::string& tape_id,
                                std::chrono::system_clock::time_point began, unsigned attempt);

}  // namespace shadowcat::tape
