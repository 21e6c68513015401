// SPDX-License-Identifier: Apache-2.0
// Only what the message doesn't say itself.
#include "trace_header.hpp"

#include "shadowcat/sdk/trace_context.hpp"

namespace shadowcat::http {

void take_trace_header(const HttpConnection& connection, Message& message) {
    const SingleHeader& header = connection.head().traceparent;
    if (!header.present() || header.repeated() || !connection.state().host.traces()) return;
    if (!message.traceparent().empty()) return;
    const auto context = TraceContext::parse(header.value());
    if (context) message.set_traceparent(context->text());
}

}  // namespace shadowcat::http
