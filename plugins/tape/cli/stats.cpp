// SPDX-License-Identifier: Apache-2.0
// Prints what CallStatistics found.
#include "cli/stats.hpp"

#include "cli/call_statistics.hpp"
#include "cli/progress.hpp"
#include "cli/table.hpp"
#include "cli/units.hpp"
#include "format/safe_text.hpp"

#include <cstdio>

namespace shadowcat::tape {

namespace {

double per_second(std::uint64_t count, double ms) { return ms > 0 ? double(count) * 1000 / ms : 0; }

std::string one_decimal(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

std::string totals_text(const char* side, const DirectionTotals& totals) {
    return std::string(side) + ": " + std::to_string(totals.messages) + " messages, " +
           human_bytes(totals.bytes);
}

void print_summary(const TapeInit& init, const CallStatistics& stats, Console& console) {
    std::ostream& out = console.out();
    out << console.style().paint(Colour::bold, "tape " + safe_text(init.tape_id, 60)) << "  "
        << stats.frames() << " frames in " << human_duration(stats.duration_ms()) << " ("
        << one_decimal(per_second(stats.frames(), stats.duration_ms())) << " per second)\n"
        << totals_text("client → server", stats.from_client()) << "; "
        << totals_text("server → client", stats.from_server()) << '\n';
    out << "requests without an answer: " << stats.unanswered();
    if (stats.dropped() > 0) out << "; lost while recording: " << stats.dropped();
    out << "\n";
}

void print_groups(const CallStatistics& stats, Console& console) {
    Table table({"METHOD", ">COUNT", ">ERRORS", ">P50", ">P90", ">P99", ">MAX"});
    for (const auto& [label, group] : stats.groups()) {
        const LatencyHistogram& latency = group.latency;
        table.add({label, std::to_string(latency.count()), std::to_string(group.errors),
                   human_duration(latency.quantile(0.5)), human_duration(latency.quantile(0.9)),
                   human_duration(latency.quantile(0.99)), human_duration(latency.max())});
    }
    if (table.empty()) return;
    console.out() << '\n';
    table.print(console.out(), console.style());
}

void print_slowest(const CallStatistics& stats, Console& console) {
    Table table({">FRAME", ">AT", ">TOOK", "SLOWEST CALLS"});
    for (const SlowCall& call : stats.slowest())
        table.add({std::to_string(call.seq), human_offset(call.ts_ms), human_duration(call.took_ms),
                   call.label});
    if (table.empty()) return;
    console.out() << '\n';
    table.print(console.out(), console.style());
}

sdk::Json to_json(const DirectionTotals& totals) {
    return sdk::Json{{"messages", totals.messages}, {"bytes", totals.bytes}};
}

sdk::Json to_json(const std::string& label, const CallGroup& group) {
    const LatencyHistogram& latency = group.latency;
    return sdk::Json{{"call", label},
                     {"count", latency.count()},
                     {"errors", group.errors},
                     {"p50_ms", latency.quantile(0.5)},
                     {"p90_ms", latency.quantile(0.9)},
                     {"p99_ms", latency.quantile(0.99)},
                     {"max_ms", latency.max()}};
}

sdk::Json to_json(const SlowCall& call) {
    return sdk::Json{
        {"call", call.label}, {"seq", call.seq}, {"ts", call.ts_ms}, {"took_ms", call.took_ms}};
}

sdk::Json stats_document(const TapeInit& init, const CallStatistics& stats) {
    sdk::Json document{{"tape_id", init.tape_id},
                       {"frames", stats.frames()},
                       {"events", stats.events()},
                       {"dropped", stats.dropped()},
                       {"unanswered", stats.unanswered()},
                       {"duration_ms", stats.duration_ms()},
                       {"frames_per_second", per_second(stats.frames(), stats.duration_ms())},
                       {"client_to_server", to_json(stats.from_client())},
                       {"server_to_client", to_json(stats.from_server())},
                       {"calls", sdk::Json::array()},
                       {"slowest", sdk::Json::array()}};
    for (const auto& [label, group] : stats.groups())
        document["calls"].push_back(to_json(label, group));
    for (const SlowCall& call : stats.slowest())
        document["slowest"].push_back(to_json(call));
    return document;
}

}  // namespace

int run_stats(const StatsOptions& options, const TapeChoice& choice, Console& console) {
    auto reader = choice.open(options.tape);
    if (!reader) return console.fail(reader.error());
    CallStatistics stats;
    {
        Progress progress(console, "adding up");
        while (const auto line = reader->next()) {
            stats.add(*line);
            progress.update(reader->bytes_read(), reader->bytes_total());
        }
    }
    if (options.json) {
        console.out() << stats_document(reader->init(), stats)
                             .dump(2, ' ', false, sdk::Json::error_handler_t::replace)
                      << '\n';
        return 0;
    }
    print_summary(reader->init(), stats, console);
    print_groups(stats, console);
    print_slowest(stats, console);
    return 0;
}

}  // namespace shadowcat::tape
