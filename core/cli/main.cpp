// SPDX-License-Identifier: Apache-2.0
// The executable: everything is in libshadowcat-core.so.
#include "core/cli/shadowcat.hpp"

int main(int argc, char** argv) {
    return shadowcat::core::run_shadowcat(std::vector<std::string>(argv + 1, argv + argc));
}
