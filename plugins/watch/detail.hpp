// SPDX-License-Identifier: Apache-2.0
// What is worth telling of a message's content in a few words.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "entry.hpp"

namespace shadowcat::watch {

/// Sets `detail`, `level`, `error_code` and `tool_error` of `entry`, whose kind and method are set:
/// progress and its text, log messages, errors, what is cancelled and why, who introduces itself,
/// what a server asks a user. Looks only into messages of up to a mebibyte.
void add_detail(const sdk::Message& message, Entry& entry);

}  // namespace shadowcat::watch
