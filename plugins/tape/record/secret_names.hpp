// SPDX-License-Identifier: Apache-2.0
// Which names of headers, members and parameters say that their value is a secret.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::tape {

/// `Authorization`, `Cookie`, `X-Api-Key`, `Mcp-Session-Id` and their like: whatever holds
/// "token", "secret", "password", "api key", "credential", "cookie" or "session id".
bool is_secret_header(std::string_view name);

/// A member of `_meta`. The name's prefix (`com.example/`) doesn't count, and neither does
/// `progressToken`, which is none.
bool is_secret_member(std::string_view key);

/// A parameter of a URL's query; `key`, `code`, `sig` and `session` count, too.
bool is_secret_parameter(std::string_view name);

}  // namespace shadowcat::tape
