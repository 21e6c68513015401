// SPDX-License-Identifier: Apache-2.0
// What a check has to say about one line of one file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace shadowcat::lint {

/// `line` is 0 where the finding is about the file, or the tree, as a whole.
struct Finding {
    std::string file;
    std::size_t line = 0;
    std::string message;
};

using Findings = std::vector<Finding>;

}  // namespace shadowcat::lint
