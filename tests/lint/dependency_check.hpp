// SPDX-License-Identifier: Apache-2.0
// Checks who may know whom: plugins know the SDK, the core knows the SDK, nobody knows a plugin.
#pragma once

#include "finding.hpp"
#include "source_tree.hpp"

namespace shadowcat::lint {

/// Judges every #include that names a file of the tree, and what the CMakeLists.txt link. The
/// parts:
///
///     plugins/X, sdk/template   their own folder and <shadowcat/sdk/…>
///     core, examples/X          their own folder and <shadowcat/sdk/…>
///     sdk                       its own folder
///     sdk/conformance           <shadowcat/sdk/…> and the core, whose loader it runs plugins with
///     tests, bench              everything
///
/// A `…_test.cpp` may use tests/support besides.
Findings check_dependencies(const SourceTree& tree);

}  // namespace shadowcat::lint
