// SPDX-License-Identifier: Apache-2.0
// A finished request as one line of JSON.
#pragma once

#include "shadowcat/sdk/exchange_sink.hpp"

#include "field_set.hpp"
#include "line.hpp"

#include <chrono>
#include <cstdint>

namespace shadowcat::access_log {

/// Appends the line of `record`, line feed included. Texts and codes that are empty or zero are
/// left out, the numbers of bytes and the duration never. Fits into an empty `Line` whatever
/// `record` is.
void write_record(const sdk::ExchangeRecord& record, const FieldSet& fields, Line& line) noexcept;

/// Appends `{"ts":…,"dropped":N}` and a line feed.
void write_dropped(std::chrono::system_clock::time_point now, std::uint64_t count,
                   Line& line) noexcept;

}  // namespace shadowcat::access_log
