// SPDX-License-Identifier: Apache-2.0
// FieldSet: which fields a line of the access log has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::access_log {

/// In the order in which they stand in a line.
enum class Field : std::uint8_t {
    ts,
    session,
    principal,
    peer,
    method,
    tool,
    name,
    upstream,
    outcome,
    reason,
    status,
    error_code,
    bytes_in,
    bytes_out,
    duration_ms,
    first_reply_ms,
    attempts,
    trace_id,
    span_id,
    count
};

inline constexpr std::size_t kFields = static_cast<std::size_t>(Field::count);

std::string_view name_of(Field field) noexcept;

/// All names, for help: "ts, session, …".
std::string field_names();

class FieldSet {
public:
    /// Every field.
    FieldSet() = default;

    /// Those in `names`; every one if there are none. Throws `std::invalid_argument` for a name
    /// that is no field.
    explicit FieldSet(const std::vector<std::string>& names);

    bool has(Field field) const noexcept {
        return (bits_ >> static_cast<unsigned>(field) & 1) != 0;
    }

private:
    std::uint32_t bits_ = (1U << kFields) - 1;
};

}  // namespace shadowcat::access_log
