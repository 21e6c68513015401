// SPDX-License-Identifier: Apache-2.0
// What a tool is, and helpers for its arguments and results.
#pragma once

#include "../call.hpp"
#include "../json_rpc.hpp"
#include "../session.hpp"
#include "../subscriptions.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

struct ToolContext {
    Call& call;
    Session& session;
    Subscriptions& subscriptions;
};

struct Tool {
    std::string name;
    /// The other members of its entry in tools/list.
    Json description;
    /// Whether it waits for time or for the client, so that it must not hold up other requests.
    bool waits;
    Json (*run)(ToolContext& context, const Json& arguments);
};

/// Bad arguments become a tool result with `isError`, so that a model can correct itself.
class BadArguments : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A tool's entry in tools/list; `properties` and `required` as in JSON Schema.
Json describe_tool(std::string_view description, Json properties, Json required, bool read_only);

Json text_result(const std::string& text);
Json error_result(const std::string& text);

std::int64_t integer_argument(const Json& arguments, std::string_view key, std::int64_t fallback,
                              std::int64_t max);
std::string text_argument(const Json& arguments, std::string_view key, std::string_view fallback);

/// Tools that answer at once, and tools that wait.
std::vector<Tool> quick_tools();
std::vector<Tool> waiting_tools();

}  // namespace demo
