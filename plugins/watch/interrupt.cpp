// SPDX-License-Identifier: Apache-2.0
// One flag.
#include "interrupt.hpp"

namespace shadowcat::watch {

namespace {

volatile std::sig_atomic_t interrupted = 0;

void note_interrupt(int) { interrupted = 1; }

}  // namespace

InterruptNoted::InterruptNoted() {
    interrupted = 0;
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

InterruptNoted::Held::Held() {
    sigset_t both;
    ::sigemptyset(&both);
    ::sigaddset(&both, SIGINT);
    ::sigaddset(&both, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &both, &before_);
}

InterruptNoted::Held::~Held() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool InterruptNoted::happened() noexcept { return interrupted != 0; }

}  // namespace shadowcat::watch
