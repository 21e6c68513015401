// SPDX-License-Identifier: Apache-2.0
// ServerFacts: what a session-era server said about itself, in the terms of the stateless era.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::core {

/// Read from the result of `initialize` (duties C.1). Texts are JSON, empty where there is none.
class ServerFacts {
public:
    ServerFacts() = default;
    explicit ServerFacts(std::string_view initialize_result);

    /// The result of `server/discover`.
    std::string discover_result() const;

    std::string capabilities = "{}";  ///< without what a stateless client can't use
    std::string info;
    std::string instructions;
    bool logs = false;
    bool tools_change = false;
    bool prompts_change = false;
    bool resources_change = false;
    bool subscribes = false;  ///< to single resources
};

}  // namespace shadowcat::core
