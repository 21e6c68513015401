// SPDX-License-Identifier: Apache-2.0
// What is worth showing of a message on one line.
#pragma once

#include "format/tape_line.hpp"

#include <string>

namespace shadowcat::tape {

/// True when the frame's message is a sound JSON-RPC message (its text may be cut by functions of
/// `sdk::json`). One that was damaged on purpose isn't.
bool is_sound(const TapeLine& frame);

/// Of a call its arguments, of other requests their params without `_meta`, of a response its
/// result or error; what is no JSON-RPC message as it is. Not yet safe to print.
std::string message_excerpt(const TapeLine& frame);

/// Whether a response is an error: JSON-RPC's, or a tool's result with `isError`.
bool tells_an_error(const TapeLine& frame);

}  // namespace shadowcat::tape
