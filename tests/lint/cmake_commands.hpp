// SPDX-License-Identifier: Apache-2.0
// Reads the commands of a CMakeLists.txt, as far as a check on their plain arguments needs it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::lint {

struct CMakeArgument {
    std::string text;
    std::size_t line;
};

struct CMakeCommand {
    std::string name;
    std::vector<CMakeArgument> arguments;
};

/// Never fails: what is left open ends with the file. Variables are not expanded, inner parentheses
/// are dropped and their content is kept.
std::vector<CMakeCommand> cmake_commands(std::string_view source);

}  // namespace shadowcat::lint
