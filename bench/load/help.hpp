// SPDX-License-Identifier: Apache-2.0
// What bench-load --help and bench-load COMMAND --help print.
#pragma once

namespace bench {

extern const char* const kHelp;
extern const char* const kOpenHelp;
extern const char* const kChurnHelp;
extern const char* const kIdleHelp;
extern const char* const kPipeHelp;
extern const char* const kBurstHelp;
extern const char* const kFirstHelp;

}  // namespace bench
