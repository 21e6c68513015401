// SPDX-License-Identifier: Apache-2.0
// AttributeWriter: a span's `KeyValue`s written straight into the request's text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::otlp {

/// Appends `text` as a JSON string. What needs no escape, nearly everything, is copied; the rest
/// is nlohmann's.
void append_string(std::string& out, std::string_view text);

/// Appends `{"key":…,"value":…}`, with commas between. By trees of nlohmann's a batch of 512 spans
/// took 5 ms instead of 1.
class AttributeWriter {
public:
    /// `key`s are literals that need no escape.
    explicit AttributeWriter(std::string& out) : out_(out) {}

    /// Nothing for an empty value.
    void text(std::string_view key, std::string_view value);
    void number(std::string_view key, std::int64_t value);

private:
    void begin(std::string_view key, std::string_view type);

    std::string& out_;
    bool first_ = true;
};

}  // namespace shadowcat::otlp
