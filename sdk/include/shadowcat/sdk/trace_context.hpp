// SPDX-License-Identifier: Apache-2.0
// TraceContext: the W3C `traceparent` of one request.
#pragma once

#include "shadowcat/sdk/export.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// Trace id, span id and the sampled flag, as lower-case hex. W3C Trace Context, section 3.2.
class SHADOWCAT_API TraceContext {
public:
    TraceContext() = default;

    /// Reads `00-<32 hex>-<16 hex>-<2 hex>` (and later versions, as far as they are the same).
    /// Nothing for malformed text, all-zero ids and version `ff`.
    static std::optional<TraceContext> parse(std::string_view traceparent) noexcept;

    /// A new trace with random ids.
    static TraceContext fresh(bool sampled);

    /// The same trace with a span of its own, whose id is random.
    TraceContext child() const;

    /// `00-…-…-01`.
    std::string text() const;

    bool valid() const noexcept { return trace_id_[0] != '\0'; }
    bool sampled() const noexcept { return sampled_; }
    std::string_view trace_id() const noexcept { return {trace_id_.data(), trace_id_.size()}; }
    std::string_view span_id() const noexcept { return {span_id_.data(), span_id_.size()}; }

private:
    std::array<char, 32> trace_id_{};
    std::array<char, 16> span_id_{};
    bool sampled_ = false;
};

}  // namespace shadowcat::sdk::inline v1
