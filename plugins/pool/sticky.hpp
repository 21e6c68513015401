// SPDX-License-Identifier: Apache-2.0
// sticky: one client, one upstream, for as long as that upstream can serve.
#pragma once

#include "shadowcat/sdk/pool_strategy.hpp"

#include "siphash.hpp"

#include <cstdint>

namespace shadowcat::pool {

/// Weighted rendezvous hashing: client and candidate together give each candidate a score, the
/// highest wins. No state, so all workers agree (and all proxies with the same `hash_key`); a
/// candidate that goes moves only its own clients, one that comes takes only its share.
///
/// The hash is keyed, SipHash-2-4: session ids are secrets, and nobody outside can choose ids that
/// all go to one upstream.
class Sticky final : public sdk::PoolStrategy {
public:
    enum class Key : std::uint8_t { automatic, principal, session };

    static sdk::Schema schema();

    /// `config` passed `schema`.
    explicit Sticky(const sdk::Json& config);

    std::size_t pick(std::span<const sdk::Candidate> candidates,
                     const sdk::PickRequest& request) override;

private:
    std::uint64_t client_hash(const sdk::PickRequest& request);

    Key key_;
    SipKey sip_key_;
    std::uint64_t nobody_ = 0;
};

}  // namespace shadowcat::pool
