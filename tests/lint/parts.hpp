// SPDX-License-Identifier: Apache-2.0
// The parts that the project is made of, and which of them may know which.
#pragma once

#include <string>
#include <string_view>

namespace shadowcat::lint {

/// "core", "sdk", "sdk/conformance", "sdk/template", "plugins/X", "examples/X", or else the
/// top-level folder; "" for what composes the parts (the files right in the root or in plugins/).
std::string part_of(std::string_view file);

/// Whether `from` may include `to`; both are files.
bool may_include(std::string_view from, std::string_view to);

/// Whether a target of the part `from` may link one of the part `to`.
bool may_link(std::string_view from, std::string_view to);

}  // namespace shadowcat::lint
