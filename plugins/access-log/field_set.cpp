// SPDX-License-Identifier: Apache-2.0
// The fields' names.
#include "field_set.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace shadowcat::access_log {

namespace {

constexpr std::array<std::string_view, kFields> kNames = {
    "ts",          "session",        "principal", "peer",     "method",     "tool",     "name",
    "upstream",    "outcome",        "reason",    "status",   "error_code", "bytes_in", "bytes_out",
    "duration_ms", "first_reply_ms", "attempts",  "trace_id", "span_id"};

std::uint32_t bit_of(const std::string& name) {
    const auto found = std::ranges::find(kNames, name);
    if (found != kNames.end()) return 1U << (found - kNames.begin());
    throw std::invalid_argument("fields: no field is called \"" + name + "\"; there are " +
                                field_names());
}

}  // namespace

std::string_view name_of(Field field) noexcept { return kNames[static_cast<std::size_t>(field)]; }

std::string field_names() {
    std::string list;
    for (const std::string_view name : kNames)
        list.append(list.empty() ? "" : ", ").append(name);
    return list;
}

FieldSet::FieldSet(const std::vector<std::string>& names) {
    if (names.empty()) return;
    bits_ = 0;
    for (const std::string& name : names)
        bits_ |= bit_of(name);
}

}  // namespace shadowcat::access_log
