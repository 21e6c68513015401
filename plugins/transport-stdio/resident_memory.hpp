// SPDX-License-Identifier: Apache-2.0
// resident_bytes: how much memory a child and all that it started have in use.
#pragma once

#include "family_tag.hpp"

#include <cstddef>

namespace shadowcat::transport_stdio {

/// Sums the resident sets of all processes with this tag; pages that they share count for each.
/// One look at all processes serves every child for a second. Thread-safe.
std::size_t resident_bytes(FamilyTag tag);

}  // namespace shadowcat::transport_stdio
