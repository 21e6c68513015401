// SPDX-License-Identifier: Apache-2.0
// Counts crashes since the last probe and keeps a link open.
#include "process_alive.hpp"

#include <string>

namespace shadowcat::pool {

namespace {

std::string crash_text(std::size_t crashes) {
    return std::to_string(crashes) + (crashes == 1 ? " connection" : " connections") +
           " ended unexpectedly since the last check";
}

}  // namespace

sdk::awaitable<sdk::Result<void>> ProcessAlive::check(sdk::HealthTarget& target) {
    const std::size_t crashes = target.crashes_since_last_check();
    sdk::Result<void> open = co_await target.ensure_open();
    if (open.has_error()) co_return open;
    if (crashes == 0) co_return sdk::Result<void>();
    co_return sdk::upstream_error(sdk::ErrorCode::crashed, crash_text(crashes));
}

}  // namespace shadowcat::pool
