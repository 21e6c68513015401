// SPDX-License-Identifier: Apache-2.0
// Relies on the order of the candidates.
#include "failover.hpp"

namespace shadowcat::pool {

// Candidates come in configuration order, without those that can't serve.
std::size_t Failover::pick(std::span<const sdk::Candidate>, const sdk::PickRequest&) { return 0; }

}  // namespace shadowcat::pool
