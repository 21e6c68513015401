// SPDX-License-Identifier: Apache-2.0
// Seal: texts given to clients to keep, which nobody can read or alter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::core {

/// AES-256-GCM under a key that lives as long as the process. Immutable; any thread.
class Seal {
public:
    /// With a fresh random key.
    Seal();

    /// `text` encrypted and authenticated together with `context`, as URL-safe Base64.
    std::string close(std::string_view text, std::string_view context) const;

    /// What was sealed in the same context; none if the text was altered, or sealed in another
    /// context or by another process.
    std::optional<std::string> open(std::string_view sealed, std::string_view context) const;

private:
    std::array<std::uint8_t, 32> key_{};
};

}  // namespace shadowcat::core
