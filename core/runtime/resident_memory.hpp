// SPDX-License-Identifier: Apache-2.0
// How much memory this process has.
#pragma once

#include <cstddef>

namespace shadowcat::core {

/// Resident bytes of this process, from /proc; 0 where that can't be read.
std::size_t resident_memory() noexcept;

}  // namespace shadowcat::core
