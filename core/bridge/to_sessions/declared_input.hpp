// SPDX-License-Identifier: Apache-2.0
// DeclaredInput: what a stateless client lets servers ask of it.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include <string>
#include <string_view>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// Read from the client capabilities of one request (MCP 2026-07-28, client capabilities).
class DeclaredInput {
public:
    DeclaredInput() = default;
    explicit DeclaredInput(std::string_view client_capabilities);

    /// What the client would have to declare to be asked `question`, as a capabilities object;
    /// empty if nothing is missing. `{}` for what no client can be asked.
    std::string missing_for(const sdk::Message& question) const;

    /// Whether it can be asked anything.
    bool any() const noexcept { return forms || urls || sampling || roots; }

    bool forms = false;  ///< elicitation by form
    bool urls = false;   ///< elicitation by URL
    bool sampling = false;
    bool sampling_tools = false;
    bool roots = false;
};

/// What a client must have declared to be sent to a URL.
inline constexpr std::string_view kUrlElicitation = R"({"elicitation":{"url":{}}})";

/// The answer to `question` of a server that may not ask it. `in_call`: it belongs to a request
/// during which a client can be asked; otherwise asking is out of place (duties B.6).
sdk::Message refusal_of(const sdk::Message& question, bool in_call);

}  // namespace shadowcat::core
