// SPDX-License-Identifier: Apache-2.0
// Names, bounds and order of what is written about a request.
#include "record_line.hpp"

#include <algorithm>

namespace shadowcat::access_log {

namespace {

using std::chrono::system_clock;

// Most bytes of a text, before escapes. Their sum, six times over, fits into a Line.
constexpr std::size_t kShort = 64;
constexpr std::size_t kMedium = 128;
constexpr std::size_t kLong = 256;
constexpr std::size_t kName = 512;
static_assert(6 * (3 * kShort + 2 * kMedium + 2 * kLong + kName + 48) + 1024 < Line::kCapacity);

/// RFC 3339, UTC, with milliseconds.
void write_time(system_clock::time_point time, Line& line) noexcept {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(floor<milliseconds>(time - day));
    line.raw("\"");
    line.padded(static_cast<unsigned>(static_cast<int>(date.year())), 4);
    line.raw("-");
    line.padded(static_cast<unsigned>(date.month()), 2);
    line.raw("-");
    line.padded(static_cast<unsigned>(date.day()), 2);
    line.raw("T");
    line.padded(static_cast<unsigned>(clock.hours().count()), 2);
    line.raw(":");
    line.padded(static_cast<unsigned>(clock.minutes().count()), 2);
    line.raw(":");
    line.padded(static_cast<unsigned>(clock.seconds().count()), 2);
    line.raw(".");
    line.padded(static_cast<unsigned>(clock.subseconds().count()), 3);
    line.raw("Z\"");
}

std::int64_t size_of(std::uint64_t bytes) noexcept {
    return static_cast<std::int64_t>(std::min<std::uint64_t>(bytes, INT64_MAX));
}

/// Writes the members of one object, those that were chosen.
class Members {
public:
    Members(Line& line, const FieldSet& chosen) : line_(line), chosen_(chosen) { line_.raw("{"); }

    void time(Field field, system_clock::time_point value) {
        if (begin(field)) write_time(value, line_);
    }
    void text(Field field, std::string_view value, std::size_t max_bytes) {
        if (!value.empty() && begin(field)) line_.quoted(value, max_bytes);
    }
    void number(Field field, std::int64_t value) {
        if (begin(field)) line_.number(value);
    }
    void number_if_any(Field field, std::int64_t value) {
        if (value != 0) number(field, value);
    }
    /// In milliseconds, with three decimals.
    void duration(Field field, sdk::Duration value) {
        if (!begin(field)) return;
        const auto us = std::chrono::duration_cast<std::chrono::microseconds>(value).count();
        const std::int64_t not_negative = us > 0 ? us : 0;
        line_.number(not_negative / 1000);
        line_.raw(".");
        line_.padded(static_cast<unsigned>(not_negative % 1000), 3);
    }
    void end() { line_.raw("}\n"); }

private:
    bool begin(Field field) {
        if (!chosen_.has(field)) return false;
        line_.raw(first_ ? "\"" : ",\"");
        line_.raw(name_of(field));
        line_.raw("\":");
        first_ = false;
        return true;
    }

    Line& line_;
    const FieldSet& chosen_;
    bool first_ = true;
};

}  // namespace

void write_record(const sdk::ExchangeRecord& record, const FieldSet& fields, Line& line) noexcept {
    Members members(line, fields);
    members.time(Field::ts, record.started);
    members.text(Field::session, record.session, kShort);
    members.text(Field::principal, record.principal, kLong);
    members.text(Field::peer, record.peer, kShort);
    members.text(Field::method, record.method, kLong);
    members.text(record.method == "tools/call" ? Field::tool : Field::name, record.name, kName);
    members.text(Field::upstream, record.upstream, kMedium);
    members.text(Field::outcome, record.outcome, kShort);
    members.text(Field::reason, record.reason, kMedium);
    members.number_if_any(Field::status, record.status);
    members.number_if_any(Field::error_code, record.error_code);
    members.number(Field::bytes_in, size_of(record.bytes_in));
    members.number(Field::bytes_out, size_of(record.bytes_out));
    members.duration(Field::duration_ms, record.elapsed);
    if (record.first_reply > sdk::Duration::zero())
        members.duration(Field::first_reply_ms, record.first_reply);
    members.number_if_any(Field::attempts, record.attempts);
    if (record.trace.valid()) {
        members.text(Field::trace_id, record.trace.trace_id(), kShort);
        members.text(Field::span_id, record.trace.span_id(), kShort);
    }
    members.end();
}

void write_dropped(system_clock::time_point now, std::uint64_t count, Line& line) noexcept {
    line.raw("{\"ts\":");
    write_time(now, line);
    line.raw(",\"dropped\":");
    line.number(static_cast<std::int64_t>(count));
    line.raw("}\n");
}

}  // namespace shadowcat::access_log
