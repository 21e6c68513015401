// SPDX-License-Identifier: Apache-2.0
// Secrets in text that has no structure to go by: commands, URLs, lines of stderr.
#pragma once

#include "record/marker.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::tape {

/// `text` with markers in the place of what looks like a secret: `user:password@` in URLs, secret
/// parameters of their queries, `Bearer …`, `token=…`, `--api-key …`. Nothing when there is none.
std::optional<std::string> scrubbed(std::string_view text, const Marker& marker);

/// The same for an HTTP request's target: only its query is looked at.
std::optional<std::string> scrubbed_target(std::string_view target, const Marker& marker);

}  // namespace shadowcat::tape
