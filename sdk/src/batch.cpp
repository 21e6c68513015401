// SPDX-License-Identifier: Apache-2.0
// Taking batches to pieces.
#include "shadowcat/sdk/batch.hpp"

namespace shadowcat::sdk::inline v1 {

bool is_batch(std::string_view bytes) noexcept {
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && bytes[first] == '[';
}

Result<std::vector<Message>> split_batch(std::string_view, const ParseLimits&, std::size_t) {
    return Error(ErrorCode::invalid_request, "batches are not supported");
}

}  // namespace shadowcat::sdk::inline v1
