// SPDX-License-Identifier: Apache-2.0
// The four lines.
#include "standing.hpp"

#include "shadowcat/sdk/log.hpp"

namespace shadowcat::otlp {

namespace {

Standing::State state_after(const Verdict& verdict) {
    if (verdict.kind == Verdict::Kind::later) return Standing::State::away;
    if (verdict.kind == Verdict::Kind::refused) return Standing::State::refusing;
    return verdict.rejected > 0 ? Standing::State::partial : Standing::State::taking;
}

}  // namespace

bool Standing::note(const Verdict& verdict) {
    const State now = state_after(verdict);
    if (now == state_) return false;
    state_ = now;
    log(verdict);
    return true;
}

void Standing::log(const Verdict& verdict) const {
    const sdk::log::Field signal("signal", signal_), endpoint("endpoint", endpoint_),
        reason("reason", verdict.reason);
    switch (state_) {
        case State::taking:
            return sdk::log::info("otlp collector takes data again", {signal, endpoint});
        case State::partial:
            return sdk::log::warn("otlp collector rejects a part",
                                  {signal, endpoint, {"rejected", verdict.rejected}, reason});
        case State::refusing:
            return sdk::log::warn("otlp collector refuses data", {signal, endpoint, reason});
        case State::away:
            return sdk::log::warn("otlp collector not available", {signal, endpoint, reason});
    }
}

}  // namespace shadowcat::otlp
