// SPDX-License-Identifier: Apache-2.0
// Patterns as shells have them, without brackets.
#pragma once

#include <string_view>

namespace shadowcat::watch {

/// Whether the whole of `text` is as `pattern` says: `*` stands for any characters, `?` for one
/// byte, everything else for itself. Takes at most size × size steps.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace shadowcat::watch
