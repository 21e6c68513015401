// SPDX-License-Identifier: Apache-2.0
// Reading counters into JSON.
#include "core/proxy/describe.hpp"

#include "core/runtime/resident_memory.hpp"

namespace shadowcat::core {

namespace {

sdk::Json bound(const sdk::Quota& quota) {
    sdk::Json out = {{"used", quota.used()}, {"waiting", quota.waiting()}};
    if (quota.limit() != sdk::Quota::kUnlimited) out["limit"] = quota.limit();
    return out;
}

}  // namespace

bool usable(const UpstreamState& upstream) { return upstream.healthy; }

sdk::Json describe(const UpstreamState& upstream) {
    return {{"name", upstream.name},
            {"healthy", upstream.healthy.load()},
            {"sessions", upstream.sessions.load()},
            {"in_flight", upstream.in_flight.load()},
            {"links", bound(upstream.links)},
            {"calls", bound(upstream.calls)}};
}

sdk::Json describe(const Shared& shared) {
    sdk::Json upstreams = sdk::Json::array();
    for (const auto& each : shared.upstreams)
        upstreams.push_back(describe(*each));
    return {{"draining", shared.draining.load()},
            {"sessions", {{"live", shared.sessions.live.load()},
                          {"opened", shared.sessions.opened.load()},
                          {"limit", shared.config.session.max_sessions}}},
            {"bytes_in_flight", bound(shared.bytes)},
            {"resident_bytes", resident_memory()},
            {"upstreams", upstreams}};
}

void append_sessions(const SessionTable&, sdk::Json&) {}

}  // namespace shadowcat::core
