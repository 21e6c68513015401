// SPDX-License-Identifier: Apache-2.0
// The control commands about what is paused.
#pragma once

#include "shadowcat/sdk/control.hpp"

#include "breakpoints/paused_table.hpp"

#include <memory>
#include <vector>

namespace shadowcat::intercept {

/// Serves, until the registrations go, what `shadowcat intercept` asks:
///
/// - `intercept.list`: a line for each paused message.
/// - `intercept.show {id}`: one line, with its text as `message` (a string: its numbers stay).
/// - `intercept.edit {id, message, resume?}`: another text; goes on only with `resume: true`.
/// - `intercept.resume {id|"all"}`, `intercept.drop {id|"all"}`: `{"count": …}`.
/// - `intercept.wait`: a line with `event` `paused` for each message that is or will be paused, one
///   with `released` for each that ends, until the peer goes.
std::vector<std::shared_ptr<void>> serve_breakpoints(sdk::ControlHost& control,
                                                     const std::shared_ptr<PausedTable>& table);

}  // namespace shadowcat::intercept
