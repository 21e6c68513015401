// SPDX-License-Identifier: Apache-2.0
// Sampler: which requests become spans.
#pragma once

#include "shadowcat/sdk/exchange_sink.hpp"

#include <cstdint>

namespace shadowcat::otlp {

/// The client's flag decides about traces that a client began (unless it is not trusted to), the
/// trace id about the others: by its last 56 bits, as OpenTelemetry's consistent probability
/// sampling has it, so that every hop with the same ratio decides alike.
class Sampler {
public:
    Sampler(double ratio, bool trust_parent);

    bool takes(const sdk::ExchangeRecord& record) const noexcept;

private:
    std::uint64_t threshold_;  // ids below it are left out
    bool trust_parent_;
};

}  // namespace shadowcat::otlp
