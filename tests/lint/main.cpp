// SPDX-License-Identifier: Apache-2.0
// The executable around run_lint.
#include "lint.hpp"

#include <iostream>

int main(int argc, char** argv) {
    return shadowcat::lint::run_lint({argv + 1, argv + argc}, std::cout, std::cerr);
}
