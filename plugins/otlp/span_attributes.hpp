// SPDX-License-Identifier: Apache-2.0
// What a span says of its request: name, attributes, error.
#pragma once

#include "attribute_writer.hpp"
#include "span.hpp"

#include <string>

namespace shadowcat::otlp {

/// `tools/call echo`; only tools and prompts are named, resource URIs would be too many names.
std::string span_name(const Span& span);

/// `mcp.*`, `gen_ai.*`, `rpc.*`, `client.*`, `http.*`, `network.*`, `error.type` and what is our
/// own, `shadowcat.*`. https://opentelemetry.io/docs/specs/semconv/gen-ai/mcp/
void write_attributes(const Span& span, AttributeWriter& list);

/// What was wrong; empty for a request that did not fail. A server's span does not fail by what was
/// wrong with the request itself, nor by its being withdrawn.
std::string span_error(const Span& span);

}  // namespace shadowcat::otlp
