// SPDX-License-Identifier: Apache-2.0
// Structured log lines: an event, then key=value fields. Text or JSON is the operator's choice.
#pragma once

#include "shadowcat/sdk/error.hpp"
#include "shadowcat/sdk/export.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace shadowcat::sdk::inline v1::log {

enum class Level : std::uint8_t { trace, debug, info, warn, error, off };

/// One `key=value` of a line. Values are text or numbers; secrets and payload never belong here
/// (payload may appear at `debug` and below).
class SHADOWCAT_API Field {
public:
    Field(std::string_view key, std::string_view value) : key_(key), text_(value) {}
    Field(std::string_view key, const char* value) : Field(key, std::string_view(value)) {}
    Field(std::string_view key, const std::string& value) : Field(key, std::string_view(value)) {}
    Field(std::string_view key, const Error& error) : Field(key, error.message()) {}
    Field(std::string_view key, bool value) : Field(key, value ? "true" : "false") {}
    Field(std::string_view key, double value);
    template <class T>
        requires std::is_integral_v<T> && (!std::is_same_v<T, bool>)
    Field(std::string_view key, T value)
        : key_(key), text_(std::to_string(value)), numeric_(true) {}

    std::string_view key() const noexcept { return key_; }
    const std::string& text() const noexcept { return text_; }
    bool numeric() const noexcept { return numeric_; }

private:
    std::string_view key_;
    std::string text_;
    bool numeric_ = false;
};

using Fields = std::initializer_list<Field>;

/// True when lines of `level` are written: guard the costly ones. From any thread, as all of these.
SHADOWCAT_API bool enabled(Level level) noexcept;

/// Writes one line to stderr. `event` is a short phrase in lower case that operators can rely on
/// ("child exited"). Never throws; control characters in values are escaped.
[[gnu::cold]] SHADOWCAT_API void write(Level level, std::string_view event, Fields fields) noexcept;

inline void debug(std::string_view event, Fields fields = {}) {
    if (enabled(Level::debug)) write(Level::debug, event, fields);
}
inline void info(std::string_view event, Fields fields = {}) { write(Level::info, event, fields); }
inline void warn(std::string_view event, Fields fields = {}) { write(Level::warn, event, fields); }
inline void error(std::string_view event, Fields fields = {}) {
    write(Level::error, event, fields);
}

/// How lines look. Set once by the program at start (and by tests).
enum class Format : std::uint8_t { text, json };
SHADOWCAT_API void configure(Level level, Format format);

}  // namespace shadowcat::sdk::inline v1::log
