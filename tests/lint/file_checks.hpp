// SPDX-License-Identifier: Apache-2.0
// Checks that look at files as a whole: their size and their licence line.
#pragma once

#include "finding.hpp"
#include "source_tree.hpp"

#include <cstddef>

namespace shadowcat::lint {

struct SizeLimits {
    std::size_t hard = 500;  ///< Lines that no file may exceed.
    std::size_t soft = 300;  ///< Lines that `soft_percent` of the files may not exceed.
    std::size_t soft_percent = 90;
};

Findings check_sizes(const SourceTree& tree, const SizeLimits& limits = {});

/// `SPDX-License-Identifier: Apache-2.0` in a comment of its own on the first line, or on the
/// second below a `#!`.
Findings check_spdx(const SourceTree& tree);

}  // namespace shadowcat::lint
