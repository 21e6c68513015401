// SPDX-License-Identifier: Apache-2.0
// Reads positions.
#include "cli/position.hpp"

#include "format/safe_text.hpp"

#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace shadowcat::tape {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 5> kUnits = {
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"min", 60'000}, {"h", 3'600'000}}};

double unit_of(std::string_view name) {
    for (const auto& [unit, ms] : kUnits) {
        if (unit == name) return ms;
    }
    return 0;
}

sdk::Error no_position(const std::string& text) {
    return sdk::Error(sdk::ErrorCode::config,
                      "'" + safe_text(text, 40) +
                          "' is no place on a tape: give a frame's number, or a time such as "
                          "1500ms, 2.5s, 3min");
}

}  // namespace

sdk::Result<Position> Position::parse(const std::string& text) {
    Position out;
    const char* const end = text.data() + text.size();
    const auto whole = std::from_chars(text.data(), end, out.seq_);
    if (whole.ec == std::errc() && whole.ptr == end) return out;
    double number = 0;
    const auto read = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    const double unit = read.ec == std::errc()
                            ? unit_of(std::string_view(read.ptr, std::size_t(end - read.ptr)))
                            : 0;
    if (unit == 0 || !(number >= 0)) return no_position(text);
    out.is_time_ = true;
    out.ts_ms_ = number * unit;
    return out;
}

bool Position::is_before(const TapeLine& line) const noexcept {
    if (is_time_) return line.ts_ms > ts_ms_;
    return line.kind == TapeLine::Kind::frame && line.seq > seq_;
}

}  // namespace shadowcat::tape
