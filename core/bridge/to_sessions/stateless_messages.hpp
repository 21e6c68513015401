// SPDX-License-Identifier: Apache-2.0
// Single messages between a stateless client and a session, each way (duties C.1, C.2).
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "core/bridge/to_sessions/server_facts.hpp"

#include <string>
#include <string_view>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// True for the methods on which a server may ask for input: `tools/call`, `prompts/get`,
/// `resources/read`.
bool may_ask_for_input(std::string_view method) noexcept;

/// True for a retry that brings back a `requestState`.
bool brings_state(const sdk::Message& request);

/// A client's capabilities as `initialize` has them; `{}` for what is no object.
std::string session_capabilities(std::string_view client_capabilities);

/// The params of the `initialize` that stands in for a client with these (session) capabilities.
/// An empty `client_info` means Shadowcat's own.
std::string initialize_params(std::string_view capabilities, std::string_view client_info);

/// `request` as a session sends it, under the id `id` (and that progress token, if it has one):
/// without what belongs to the stateless era.
sdk::Message to_session(const sdk::Message& request, std::string_view id);

/// A session's response to `method`, as a stateless client gets it, under the id `id`.
sdk::Message to_stateless(const sdk::Message& response, std::string_view id,
                          std::string_view method, const ServerFacts& server);

/// The response with this result (JSON text), completed by what the stateless era demands.
sdk::Message stateless_result(std::string_view id, std::string_view method, std::string_view result,
                              const ServerFacts& server);

/// The result that asks the client for `questions` (JSON text), to be brought with `state`.
sdk::Message input_required(std::string_view id, std::string_view questions, std::string_view state,
                            const ServerFacts& server);

/// The answer to a request of `method` whose client declined to visit a URL.
sdk::Message visits_declined(std::string_view id, std::string_view method);

/// The result of `subscriptions/listen` when its stream ends in good order.
sdk::Message listen_ended(std::string_view id, const ServerFacts& server);

/// `text`, put together from parts of valid messages, as a message.
sdk::Message as_message(std::string text);

}  // namespace shadowcat::core
