// SPDX-License-Identifier: Apache-2.0
// The rules of the stateless era for one request.
#include "shadowcat/sdk/stateless.hpp"

namespace shadowcat::sdk::inline v1 {

Era era_of(const Message&, const MirrorHeaders*, std::span<const std::string_view>) noexcept {
    return Era::session;
}

std::optional<StatelessRefusal> check_stateless(const Message&, const MirrorHeaders*,
                                                std::span<const std::string_view>) {
    return std::nullopt;
}

}  // namespace shadowcat::sdk::inline v1
