// SPDX-License-Identifier: Apache-2.0
// One flag.
#include "interrupt.hpp"

namespace shadowcat::watch {

namespace {

volatile std::sig_atomic_t noted = 0;

void note_interrupt(int) { noted = 1; }

}  // namespace

InterruptNoted::InterruptNoted() {
    noted = 0;
    struct sigaction action {};
    action.sa_handler = note_interrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // and no SA_RESTART
    ::sigaction(SIGINT, &action, &interrupt_);
    ::sigaction(SIGTERM, &action, &terminate_);
}

InterruptNoted::~InterruptNoted() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGTERM, &terminate_, nullptr);
}

bool InterruptNoted::happened() noexcept { return noted != 0; }

}  // namespace shadowcat::watch
