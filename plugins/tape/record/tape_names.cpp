// SPDX-License-Identifier: Apache-2.0
// Puts names together.
#include "record/tape_names.hpp"

#include "format/utc.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kMaxLabel = 32;

/// Labels are ours, but a file's name is no place for trust.
std::string in_a_file_name(std::string_view label) {
    std::string name;
    for (const char c : label.substr(0, kMaxLabel)) {
        const bool good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        name += good ? c : '_';
    }
    return name.empty() ? "session" : name;
}

}  // namespace

std::string new_tape_id() {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::array<unsigned char, 16> bytes;
    if (::RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw std::runtime_error("no random bytes for a tape's id");
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
    std::string id;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) id += '-';
        (id += kDigits[bytes[i] >> 4]) += kDigits[bytes[i] & 15];
    }
    return id;
}

std::filesystem::path tape_file(const Options& options, std::string_view label,
                                const std::string& tape_id,
                                std::chrono::system_clock::time_point began, unsigned attempt) {
    const std::string suffix = attempt <= 1 ? "" : "-" + std::to_string(attempt);
    if (options.is_file()) {
        std::filesystem::path file = options.path;
        return file.replace_filename(options.path.stem().string() + suffix + ".jsonl");
    }
    return options.path / (compact_utc(began) + "-" + in_a_file_name(label) + "-" +
                           tape_id.substr(0, 8) + suffix + ".jsonl");
}

}  // namespace shadowcat::tape
