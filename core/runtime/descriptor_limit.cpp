// SPDX-License-Identifier: Apache-2.0
// Raising RLIMIT_NOFILE.
#include "core/runtime/descriptor_limit.hpp"

#include <sys/resource.h>

namespace shadowcat::core {

void raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace shadowcat::core
