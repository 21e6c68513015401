// SPDX-License-Identifier: Apache-2.0
// JSON-RPC batches, which only MCP 2025-03-26 has: told apart and taken to pieces.
#pragma once

#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/message.hpp"

#include <string_view>
#include <vector>

namespace shadowcat::sdk::inline v1 {

/// Whether `bytes` begin like an array. Says nothing about validity.
SHADOWCAT_API bool is_batch(std::string_view bytes) noexcept;

/// The messages of a batch, in order, each as it stands in the text. Fails with `too_large` or
/// `parse` like `Message::parse`; with `invalid_request` for an empty array, for more than
/// `max_messages`, for an element that is no JSON-RPC message, for responses mixed with requests or
/// notifications, and for a batch that contains `initialize`. MCP 2025-03-26, basic, Batching.
SHADOWCAT_API Result<std::vector<Message>> split_batch(std::string_view bytes,
                                                       const ParseLimits& limits,
                                                       std::size_t max_messages = 1000);

}  // namespace shadowcat::sdk::inline v1
