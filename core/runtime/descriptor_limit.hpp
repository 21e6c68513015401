// SPDX-License-Identifier: Apache-2.0
// How many descriptors the process may have open.
#pragma once

namespace shadowcat::core {

/// Raises the soft limit to the hard one. Systems still begin with 1024 for the sake of `select`,
/// which we don't use; a session with a process of its own takes five.
void raise_descriptor_limit() noexcept;

}  // namespace shadowcat::core
