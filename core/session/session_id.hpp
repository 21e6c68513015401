// SPDX-License-Identifier: Apache-2.0
// Session ids: unguessable, self-describing (which worker), recognisable as our own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::core {

/// `bytes` (at most 16) random bytes as lower-case hex: a name that can't be guessed. Throws like
/// `SessionIds`.
std::string random_hex(std::size_t bytes);

/// Mints ids of 50 lower-case hex digits: worker (2), 128 random bits (32), a keyed check (16) by
/// which an id of this process is known again after its session ended. Thread-safe.
class SessionIds {
public:
    /// Draws the key. Throws `std::runtime_error` if the system's random source fails.
    SessionIds();

    std::string mint(std::size_t worker) const;

    /// True when this object minted `id`.
    bool minted(std::string_view id) const;

    /// The worker that owns `id`, of `workers`. Any text has one: foreign ids are hashed.
    static std::size_t worker_of(std::string_view id, std::size_t workers) noexcept;

private:
    std::string check_of(std::string_view body) const;

    std::array<unsigned char, 32> key_;
};

}  // namespace shadowcat::core
