// SPDX-License-Identifier: Apache-2.0
// Code and constants that are in memory and that nobody needs any more.
#pragma once

namespace shadowcat::core {

/// Takes all code and constants of the program and its libraries out of the process's resident
/// memory. What is used comes back from the page cache as it is touched, 64 KiB at a time; what
/// only the start needed (relocations, symbols, command line, configuration) stays away. Nothing
/// that somebody wrote to is touched, such as a debugger's breakpoints. No effect where /proc is
/// missing.
void drop_program_pages() noexcept;

/// The same of the one library that `address` belongs to.
void drop_program_pages_at(const void* address) noexcept;

}  // namespace shadowcat::core
