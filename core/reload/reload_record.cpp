// SPDX-License-Identifier: Apache-2.0
// A reload in JSON.
#include "core/reload/reload_record.hpp"

#include "core/runtime/utc.hpp"

namespace shadowcat::core {

shadowcat::sdk::Json ReloadRecord::json() const {
    shadowcat::sdk::Json out = {{"number", number}};
    if (number == 0) return out;
    out["trigger"] = trigger;
    out["at"] = utc(at);
    out["applied"] = applied;
    if (applied) out["changes"] = changes;
    if (!applied) out["errors"] = errors;
    return out;
}

}  // namespace shadowcat::core
