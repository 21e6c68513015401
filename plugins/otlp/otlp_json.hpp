// SPDX-License-Identifier: Apache-2.0
// What metrics and spans have in common in OTLP's JSON: attributes, numbers, resource and scope.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "exporter_options.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::otlp {

/// 64-bit integers are decimal strings (protobuf's JSON mapping).
inline std::string number_text(std::int64_t number) { return std::to_string(number); }

/// Nanoseconds since 1970, as a string.
std::string time_text(std::chrono::system_clock::time_point time);

/// One `KeyValue`.
sdk::Json text_attribute(std::string_view key, std::string_view value);

/// JSON text; what is no UTF-8 becomes U+FFFD.
std::string json_text(const sdk::Json& json);

/// The `Resource` of this process, as JSON text: service, host, an id that is random once for each
/// process, and the operator's own attributes, which go before ours.
std::string resource_text(const ExporterOptions& options);

/// The `InstrumentationScope` of this plugin, as JSON text.
std::string scope_text();

}  // namespace shadowcat::otlp
