// SPDX-License-Identifier: Apache-2.0
// excerpt: the beginning of a text whose length a stranger chose.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shadowcat::message_log {

/// At most `max_bytes` of `text` (UTF-8), cut between characters, with "…" where something is
/// missing.
std::string excerpt(std::string_view text, std::size_t max_bytes);

}  // namespace shadowcat::message_log
