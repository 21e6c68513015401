// SPDX-License-Identifier: Apache-2.0
// TraceEncoder: a batch of spans as one OTLP/JSON request, made in small steps.
#pragma once

#include "span.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace shadowcat::otlp {

/// Appends one span as JSON: kind SERVER, named and described as OpenTelemetry's semantic
/// conventions for MCP have it.
void append_span(std::string& out, const Span& span);

/// Between two steps the worker does other things.
class TraceEncoder {
public:
    /// Spans of one step.
    static constexpr std::size_t kStep = 64;

    /// `resource` and `scope` are JSON texts. `spans` is not empty.
    TraceEncoder(std::vector<Span> spans, const std::string& resource, const std::string& scope);

    /// Encodes some; false when all are done.
    bool step();

    /// The `ExportTraceServiceRequest`, once all are done.
    std::string take();

private:
    std::vector<Span> spans_;
    std::size_t next_ = 0;
    std::string text_;
};

}  // namespace shadowcat::otlp
