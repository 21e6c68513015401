// SPDX-License-Identifier: Apache-2.0
// A reload in JSON.
#include "core/reload/reload_record.hpp"

#include <ctime>

namespace shadowcat::core {

namespace {

std::string utc(std::chrono::system_clock::time_point at) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

}  // namespace

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
