// SPDX-License-Identifier: Apache-2.0
// EditSession: one message in an editor, until the proxy takes it.
#pragma once

#include "cli/editor.hpp"
#include "cli/proxy_line.hpp"

#include <functional>
#include <ostream>
#include <string>

namespace shadowcat::intercept {

/// The person at the terminal.
class EditorUser {
public:
    virtual ~EditorUser() = default;

    /// Has him edit the file.
    virtual sdk::Result<void> edit(const std::string& path) = 0;

    /// Whether to try again, after `why`.
    virtual bool again(const std::string& why) = 0;
};

/// Asks for message `id`, has it edited and sends it; again and again while the proxy refuses it
/// and it still waits. Text that nobody takes stays in its file, which the error names.
sdk::Result<void> edit_with(EditorUser& user, ProxyLine& proxy, const Json& id, bool resume);

/// Sends `text` in the place of message `id`.
sdk::Result<void> send_edited(ProxyLine& proxy, const Json& id, const std::string& text,
                              bool resume);

}  // namespace shadowcat::intercept
