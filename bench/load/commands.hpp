// SPDX-License-Identifier: Apache-2.0
// The commands of bench-load: each takes its arguments, prints one JSON line, returns the exit
// code.
#pragma once

namespace bench {

int open_loop_command(int argc, char** argv);
int churn_command(int argc, char** argv);
int idle_command(int argc, char** argv);
int pipe_command(int argc, char** argv);
int burst_command(int argc, char** argv);
int first_command(int argc, char** argv);

}  // namespace bench
