// SPDX-License-Identifier: Apache-2.0
// opentelemetry/proto/trace/v1/trace.proto, in JSON.
#include "trace_json.hpp"

#include "otlp_json.hpp"
#include "span_attributes.hpp"

#include <algorithm>

namespace shadowcat::otlp {

namespace {

// kind: SPAN_KIND_SERVER. flags: the low byte is W3C's (sampled), then "it is known whether the
// parent is remote", then "it is".
constexpr std::string_view kRoot = R"(,"kind":2,"flags":257)";
constexpr std::string_view kChild = R"(,"kind":2,"flags":769,"parentSpanId":")";

void append_parent(std::string& out, const Span& span) {
    if (!span.has_parent()) return (void)out.append(kRoot);
    out.append(kChild).append(span.parent.data(), span.parent.size()).append("\"");
}

void append_status(std::string& out, const Span& span) {
    const std::string problem = span_error(span);
    if (problem.empty()) return;
    out.append(R"(,"status":{"code":2,"message":)");  // STATUS_CODE_ERROR
    append_string(out, problem);
    out.append("}");
}

}  // namespace

void append_span(std::string& out, const Span& span) {
    out.append(R"({"traceId":")").append(span.trace.trace_id());
    out.append(R"(","spanId":")").append(span.trace.span_id()).append(R"(","name":)");
    append_string(out, span_name(span));
    append_parent(out, span);
    out.append(R"(,"startTimeUnixNano":")").append(time_text(span.started));
    out.append(R"(","endTimeUnixNano":")").append(time_text(span.started + span.elapsed));
    out.append(R"(","attributes":[)");
    AttributeWriter attributes(out);
    write_attributes(span, attributes);
    out.append("]");
    append_status(out, span);
    out.append("}");
}

TraceEncoder::TraceEncoder(std::vector<Span> spans, const std::string& resource,
                           const std::string& scope)
    : spans_(std::move(spans)),
      text_(R"({"resourceSpans":[{"resource":)" + resource + R"(,"scopeSpans":[{"scope":)" + scope +
            R"(,"spans":[)") {}

bool TraceEncoder::step() {
    const std::size_t end = std::min(next_ + kStep, spans_.size());
    for (; next_ < end; ++next_) {
        if (next_ > 0) text_.append(",");
        append_span(text_, spans_[next_]);
    }
    return next_ < spans_.size();
}

std::string TraceEncoder::take() {
    text_.append("]}]}]}");
    return std::move(text_);
}

}  // namespace shadowcat::otlp
