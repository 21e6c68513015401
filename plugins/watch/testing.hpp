// SPDX-License-Identifier: Apache-2.0
// For tests: messages as workers note them.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "filter.hpp"
#include "record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::watch {

inline constexpr auto kOut = sdk::Direction::client_to_server;
inline constexpr auto kIn = sdk::Direction::server_to_client;

inline Record noted(const std::string& bytes, const sdk::MessageContext& context,
                    const Wanted& wanted = Wanted()) {
    return record_of(sdk::Message::parse(bytes).value(), context, 0, wanted);
}

inline Record noted(const std::string& bytes, sdk::Direction direction,
                    std::string_view session = "s1", const Wanted& wanted = Wanted()) {
    return noted(bytes, sdk::MessageContext(direction, session, "primary"), wanted);
}

inline Filter filter_of(const sdk::Json& config) {
    std::vector<sdk::ConfigError> errors;
    const sdk::Json checked = sdk::validate(Filter::schema(), config, "", errors);
    REQUIRE(errors.empty());
    return Filter(checked);
}

inline std::string call_of(const std::string& id, const std::string& tool) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"tools/call","params":{"name":")" +
           tool + R"("}})";
}

inline std::string result_of(const std::string& id) {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{}})";
}

}  // namespace shadowcat::watch
