// SPDX-License-Identifier: Apache-2.0
// opentelemetry/proto/trace/v1/trace.proto, in JSON.
#include "trace_json.hpp"

#include "otlp_json.hpp"
#include "span_attributes.hpp"

#include <algorithm>

namespace shadowcat::otlp {

using sdk::Json;

namespace {

constexpr int kServer = 2;  // SPAN_KIND_SERVER
constexpr int kError = 2;   // STATUS_CODE_ERROR

// SpanFlags: the low byte is W3C's, then "it is known whether the parent is remote", "it is".
constexpr int kSampled = 0x001;
constexpr int kParentKnown = 0x100;
constexpr int kParentRemote = 0x200;

}  // namespace

std::string span_text(const Span& span) {
    Json json = {{"traceId", span.trace.trace_id()},
                 {"spanId", span.trace.span_id()},
                 {"name", span_name(span)},
                 {"kind", kServer},
                 {"flags", kSampled | kParentKnown | (span.has_parent() ? kParentRemote : 0)},
                 {"startTimeUnixNano", time_text(span.started)},
                 {"endTimeUnixNano", time_text(span.started + span.elapsed)},
                 {"attributes", span_attributes(span)}};
    if (span.has_parent())
        json["parentSpanId"] = std::string_view(span.parent.data(), span.parent.size());
    if (const std::string problem = span_error(span); !problem.empty())
        json["status"] = {{"code", kError}, {"message", problem}};
    return json_text(json);
}

TraceEncoder::TraceEncoder(std::vector<Span> spans, const std::string& resource,
                           const std::string& scope)
    : spans_(std::move(spans)),
      text_(R"({"resourceSpans":[{"resource":)" + resource + R"(,"scopeSpans":[{"scope":)" + scope +
            R"(,"spans":[)") {}

bool TraceEncoder::step() {
    const std::size_t end = std::min(next_ + kStep, spans_.size());
    for (; next_ < end; ++next_)
        text_.append(next_ == 0 ? "" : ",").append(span_text(spans_[next_]));
    return next_ < spans_.size();
}

std::string TraceEncoder::take() {
    text_.append("]}]}]}");
    return std::move(text_);
}

}  // namespace shadowcat::otlp
