// SPDX-License-Identifier: Apache-2.0
// Looking for orphans with one tag, and ending them.
#include "leftovers.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace shadowcat::transport_stdio {

bool Leftovers::gone_after(int signal) {
    bool seen = false;
    Adoptions::instance().visit(tag_, [&](const PinnedProcess& process) {
        seen = true;  // also if it is reaped now: what it started has come to us meanwhile
        if (process.reap() || ::getpgid(process.pid()) == group_) return;
        signal_once(process, signal);
    });
    return !seen;
}

void Leftovers::signal_once(const PinnedProcess& process, int signal) {
    const bool known = std::ranges::find(escaped_, process.pid()) != escaped_.end();
    if (!known) escaped_.push_back(process.pid());
    if (!known || signal == SIGKILL) process.signal(signal);
}

}  // namespace shadowcat::transport_stdio
