// SPDX-License-Identifier: Apache-2.0
// What a health checker reads of an error response: its code, and nothing else.
#pragma once

#include "shadowcat/sdk/error.hpp"

#include <string_view>

namespace shadowcat::pool {

/// "`method` was answered with error `code`": the response's own text is the server's to choose.
sdk::Error answered_with_error(std::string_view method, int code);

}  // namespace shadowcat::pool
