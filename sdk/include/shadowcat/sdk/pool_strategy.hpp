// SPDX-License-Identifier: Apache-2.0
// PoolStrategy: the plugin kind that picks one of the upstreams that could serve.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/export.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// One upstream that is healthy and has capacity, as a strategy sees it.
class Candidate {
public:
    Candidate(std::string_view upstream_name, std::uint32_t calls, std::uint32_t sessions_bound,
              std::uint32_t share = 1)
        : name(upstream_name), in_flight(calls), sessions(sessions_bound), weight(share) {}

    std::string_view name;    ///< The upstream's configured name.
    std::uint32_t in_flight;  ///< Calls under way, over all workers.
    std::uint32_t sessions;   ///< Client sessions bound to it, over all workers.
    std::uint32_t weight;     ///< Its configured share (`pool.weight`), 1 or more.
};

/// For whom an upstream is picked. Views are valid during the call.
class PickRequest {
public:
    PickRequest() = default;
    PickRequest(std::string_view session_id, std::string_view who)
        : session(session_id), principal(who) {}

    std::string_view session;  ///< Stable for one client session; a secret: hash it, never log it.
    std::string_view principal;  ///< Who the client is; empty when it is anonymous.
};

/// A pure decision, no I/O. One instance per upstream group and worker; called on that worker.
class SHADOWCAT_API PoolStrategy {
public:
    static constexpr std::string_view kKind = "pool_strategy";
    using Factory = std::function<std::unique_ptr<PoolStrategy>(const Json&)>;

    virtual ~PoolStrategy() = default;

    /// The index in `candidates` (never empty, in configuration order) of the one to use.
    virtual std::size_t pick(std::span<const Candidate> candidates, const PickRequest& request) = 0;
};

}  // namespace shadowcat::sdk::inline v1
