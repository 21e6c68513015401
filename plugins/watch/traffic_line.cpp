// SPDX-License-Identifier: Apache-2.0
// Puts the pieces of a line in order: first what is short and always there, last what a stranger
// wrote.
#include "traffic_line.hpp"

#include "timestamp.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace shadowcat::watch {

namespace {

/// With as many decimals, up to `most`, as three digits leave room for.
std::string scaled(double value, const char* unit, int most) {
    std::array<char, 32> text{};
    const int decimals = std::min(most, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
    std::snprintf(text.data(), text.size(), "%.*f %s", decimals, value, unit);
    return text.data();
}

Tone tone_of_level(const std::string& level) {
    if (level == "warning") return Tone::warning;
    if (level == "error" || level == "critical" || level == "alert" || level == "emergency")
        return Tone::bad;
    return Tone::dim;
}

Tone tone_of_detail(const Entry& entry) {
    if (entry.kind == Entry::Kind::error) return Tone::bad;
    return entry.tool_error ? Tone::warning : Tone::plain;
}

void add_arrow(StyledLine& line, const Entry& entry) {
    const bool outward = entry.direction == sdk::Direction::client_to_server;
    line.word(outward ? Tone::outward : Tone::inward, outward ? "→" : "←");
}

void add_subject(StyledLine& line, const Entry& entry) {
    line.word(Tone::strong, entry.method.empty() ? "?" : entry.method);
    line.word(Tone::strong, entry.name);
    if (!entry.id.empty()) line.word(Tone::dim, "#" + entry.id);
}

void add_outcome(StyledLine& line, const Entry& entry) {
    if (entry.kind == Entry::Kind::error)
        return line.apart(Tone::bad, "error " + std::to_string(entry.error_code));
    if (entry.kind != Entry::Kind::result) return;
    if (entry.tool_error) return line.apart(Tone::warning, "result isError");
    line.apart(Tone::good, "result");
}

void add_measures(StyledLine& line, const Entry& entry) {
    const std::string size = size_text(entry.bytes);
    if (!entry.is_response()) return line.apart(Tone::dim, size);
    if (entry.elapsed) line.word(Tone::plain, time_text(*entry.elapsed));
    line.word(Tone::dim, size);
}

void add_message(StyledLine& line, const Entry& entry) {
    add_arrow(line, entry);
    add_subject(line, entry);
    add_outcome(line, entry);
    add_measures(line, entry);
    if (entry.by_proxy) line.apart(Tone::warning, "by the proxy");
    line.apart(tone_of_level(entry.level), entry.level);
    if (entry.level.empty()) {
        line.apart(tone_of_detail(entry), entry.detail);
    } else {
        line.word(tone_of_detail(entry), entry.detail);
    }
    line.apart(Tone::dim, entry.payload);
}

void add_waiting(StyledLine& line, const Entry& entry) {
    line.word(Tone::dim, "…");
    add_subject(line, entry);
    line.apart(Tone::warning,
               "still waiting after " + time_text(entry.elapsed.value_or(sdk::Duration::zero())));
}

std::string words_of(const Entry& entry) {
    if (entry.event == events::kSessionOpened) return "session opened";
    if (entry.event == events::kSessionClosed) return "session closed";
    if (entry.event == events::kLinkOpened) return "connected";
    if (entry.event == events::kLinkClosed) return "disconnected";
    if (entry.event == events::kHttpStatus) return "HTTP " + std::to_string(entry.status);
    return entry.event;
}

void add_event(StyledLine& line, const Entry& entry) {
    if (entry.event == events::kDropped)
        return line.word(Tone::warning, "… " + std::to_string(entry.count) +
                                            (entry.count == 1 ? " message" : " messages") +
                                            " not shown");
    line.word(Tone::dim, "·");
    line.word(Tone::dim, entry.upstream);
    line.word(entry.is_failure() ? Tone::bad : Tone::dim, words_of(entry));
    line.apart(Tone::dim, entry.detail);
}

}  // namespace

std::string time_text(sdk::Duration elapsed) {
    const double ms = std::chrono::duration<double, std::milli>(elapsed).count();
    return ms < 999.5 ? scaled(ms, "ms", 2) : scaled(ms / 1000, "s", 2);
}

std::string size_text(std::uint64_t bytes) {
    constexpr double kThousand = 1000;
    if (bytes < 1000) return std::to_string(bytes) + " B";
    const auto size = static_cast<double>(bytes);
    if (size < 999.5 * kThousand) return scaled(size / kThousand, "kB", 1);
    return scaled(size / kThousand / kThousand, "MB", 1);
}

std::string traffic_line(const Entry& entry, const Look& look) {
    StyledLine line;
    line.add(Tone::dim, clock_text(entry.time));
    line.word(Tone::dim, entry.session);
    if (entry.event == events::kWaiting) {
        add_waiting(line, entry);
    } else if (entry.direction) {
        add_message(line, entry);
    } else {
        add_event(line, entry);
    }
    return line.render(look);
}

}  // namespace shadowcat::watch
