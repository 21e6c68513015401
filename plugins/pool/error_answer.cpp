// SPDX-License-Identifier: Apache-2.0
// Finds the code in the response's text.
#include "error_answer.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace shadowcat::pool {

int error_code_of(const sdk::Message& response) {
    const auto text = nlohmann::json::parse(response.bytes(), nullptr, false);
    const nlohmann::json::json_pointer code("/error/code");
    if (!text.is_object() || !text.contains(code) || !text[code].is_number_integer()) return 0;
    return text[code].get<int>();
}

sdk::Error answered_with_error(std::string_view method, int code) {
    return sdk::upstream_error(
        sdk::ErrorCode::protocol,
        std::string(method) + " was answered with error " + std::to_string(code));
}

}  // namespace shadowcat::pool
