// SPDX-License-Identifier: Apache-2.0
// Reading counters into JSON.
#include "core/proxy/describe.hpp"

#include "core/runtime/resident_memory.hpp"
#include "core/runtime/utc.hpp"

namespace shadowcat::core {

namespace {

sdk::Json bound(const sdk::Quota& quota) {
    sdk::Json out = {{"used", quota.used()}, {"waiting", quota.waiting()}};
    if (quota.limit() != sdk::Quota::kUnlimited) out["limit"] = quota.limit();
    return out;
}

std::int64_t seconds(sdk::Duration duration) {
    return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

/// As far as it is known; the words are those of the configuration's `era`.
std::string_view name(const UpstreamEra& era) {
    const bool sessions = era.sessions() == UpstreamEra::Known::yes;
    const bool stateless = era.stateless() == UpstreamEra::Known::yes;
    if (sessions && stateless) return "both";
    return sessions ? "legacy" : stateless ? "modern" : "unknown";
}

}  // namespace

bool usable(UpstreamState& upstream) {
    const UpstreamCondition condition = upstream.status().condition;
    return condition == UpstreamCondition::healthy || condition == UpstreamCondition::half_open;
}

sdk::Json describe(UpstreamState& upstream) {
    const UpstreamStatus status = upstream.status();
    sdk::Json out = {{"name", status.name},
                     {"state", name(status.condition)},
                     {"since", utc(status.since)},
                     {"healthy", upstream.healthy.load()},
                     {"era", name(upstream.era)},
                     {"sessions", status.sessions},
                     {"links", bound(upstream.links)},
                     {"spares", status.spares},
                     {"starting", status.starting},
                     {"calls", bound(upstream.calls)},
                     {"in_flight", upstream.in_flight.load()},
                     {"crashes_total", status.crashes_total}};
    if (status.paused_for.count() > 0) out["paused_for_ms"] = status.paused_for.count();
    if (!status.last_error.empty()) {
        out["last_error"] = {{"at", utc(status.last_error_at)}, {"text", status.last_error}};
    }
    return out;
}

sdk::Json describe(const Shared& shared) {
    sdk::Json upstreams = sdk::Json::array();
    for (const auto& each : shared.upstreams)
        upstreams.push_back(describe(*each));
    return {{"draining", shared.draining.load()},
            {"short_of_memory", shared.sessions.shedding.load()},
            {"sessions",
             {{"live", shared.sessions.live.load()},
              {"opened", shared.sessions.opened.load()},
              {"limit", shared.config.session.max_sessions}}},
            {"bytes_in_flight", bound(shared.bytes)},
            {"resident_bytes", resident_memory()},
            {"upstreams", upstreams}};
}

void append_sessions(const SessionTable& table, sdk::Json& list) {
    for (const SessionDescription& each : table.describe()) {
        list.push_back({{"session", each.label},
                        {"revision", each.revision},
                        {"upstream", each.upstream},
                        {"principal", each.principal},
                        {"age_secs", seconds(each.age)},
                        {"idle_secs", seconds(each.idle)},
                        {"in_flight", each.in_flight},
                        {"listening", each.listening}});
    }
}

}  // namespace shadowcat::core
