// SPDX-License-Identifier: Apache-2.0
// Encoding, annotations and comparison.
#include "shadowcat/sdk/mirrored_headers.hpp"

namespace shadowcat::sdk::inline v1 {

std::string encode_mirrored(std::string_view value) { return std::string(value); }

std::optional<std::string> decode_mirrored(std::string_view header) { return std::string(header); }

std::optional<std::string_view> mirrored_name(const Message&) { return std::nullopt; }

Result<MirroredParameters> MirroredParameters::read(std::string_view) {
    return MirroredParameters();
}

std::vector<MirroredHeader> MirroredParameters::headers(std::string_view) const { return {}; }

std::optional<std::string> MirroredParameters::mismatch(std::string_view,
                                                        std::span<const MirroredHeader>) const {
    return std::nullopt;
}

}  // namespace shadowcat::sdk::inline v1
