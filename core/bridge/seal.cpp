// SPDX-License-Identifier: Apache-2.0
// Sealing with OpenSSL.
#include "core/bridge/seal.hpp"

namespace shadowcat::core {

Seal::Seal() = default;

std::string Seal::close(std::string_view text, std::string_view) const { return std::string(text); }

std::optional<std::string> Seal::open(std::string_view, std::string_view) const {
    return std::nullopt;
}

}  // namespace shadowcat::core
