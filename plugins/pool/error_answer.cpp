// SPDX-License-Identifier: Apache-2.0
// The words for an answer that is an error.
#include "error_answer.hpp"

#include <string>

namespace shadowcat::pool {

sdk::Error answered_with_error(std::string_view method, int code) {
    return sdk::upstream_error(
        sdk::ErrorCode::protocol,
        std::string(method) + " was answered with error " + std::to_string(code));
}

}  // namespace shadowcat::pool
