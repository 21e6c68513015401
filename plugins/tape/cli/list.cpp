// SPDX-License-Identifier: Apache-2.0
// Prints a table of tapes.
#include "cli/list.hpp"

#include "cli/progress.hpp"
#include "cli/table.hpp"
#include "cli/tape_summary.hpp"
#include "cli/units.hpp"
#include "format/safe_text.hpp"
#include "format/tape_files.hpp"

#include <algorithm>
#include <filesystem>

namespace shadowcat::tape {

namespace {

constexpr std::size_t kShortId = 8;

std::vector<TapeSummary> summaries(const TapeChoice& choice, Console& console) {
    std::vector<TapeSummary> out;
    Progress progress(console, "reading tapes");
    const auto files = tapes_in(choice.directory());
    for (std::size_t i = 0; i < files.size(); ++i) {
        progress.update(i, files.size());
        auto summary = summarise(files[i]);
        if (summary) {
            out.push_back(*std::move(summary));
        } else {
            console.fail(summary.error());
        }
    }
    return out;
}

bool comes_first(const TapeSummary& a, const TapeSummary& b, ListOptions::Order order) {
    if (order == ListOptions::Order::size && a.bytes != b.bytes) return a.bytes > b.bytes;
    if (order == ListOptions::Order::frames && a.frames != b.frames) return a.frames > b.frames;
    return a.created_at > b.created_at;
}

std::string when(const std::string& created_at) {
    std::string text = safe_text(created_at, 24);
    if (!parse_utc(text)) return text;
    text.replace(10, 1, " ");
    return text.substr(0, 19);
}

std::string shown_status(const TapeSummary& summary) {
    std::string text = safe_text(summary.status, 60);
    if (summary.parts > 1) text += ", " + std::to_string(summary.parts) + " parts";
    if (summary.dropped > 0) text += ", " + std::to_string(summary.dropped) + " lost";
    return text;
}

void print_table(const std::vector<TapeSummary>& summaries, Console& console) {
    Table table({"ID", "WHEN (UTC)", "SESSION", "UPSTREAM", "REVISION", ">FRAMES", ">SIZE",
                 ">DURATION", "STATUS"});
    for (const TapeSummary& each : summaries) {
        table.add({safe_text(each.tape_id.substr(0, kShortId)), when(each.created_at),
                   safe_text(each.session, 30), safe_text(each.upstream, 30),
                   safe_text(each.revision, 16), std::to_string(each.frames),
                   human_bytes(each.bytes), human_duration(each.duration_ms), shown_status(each)});
    }
    table.print(console.out(), console.style());
}

void print_json(const std::vector<TapeSummary>& summaries, Console& console) {
    sdk::Json document = sdk::Json::array();
    for (const TapeSummary& each : summaries)
        document.push_back(to_json(each));
    console.out() << document.dump(2, ' ', false, sdk::Json::error_handler_t::replace) << '\n';
}

}  // namespace

int run_list(const ListOptions& options, const TapeChoice& choice, Console& console) {
    std::error_code failed;
    if (choice.named() && !std::filesystem::is_directory(choice.directory(), failed))
        return console.fail("there is no directory \"" + choice.directory().string() + "\"");
    std::vector<TapeSummary> found = summaries(choice, console);
    std::ranges::stable_sort(found, [&](const TapeSummary& a, const TapeSummary& b) {
        return comes_first(a, b, options.order);
    });
    if (options.limit > 0 && found.size() > options.limit) found.resize(options.limit);
    if (options.json) {
        print_json(found, console);
    } else if (found.empty()) {
        console.out() << "no tapes in " << safe_text(choice.directory().string())
                      << "; record one with: shadowcat forward --tape DIR -- COMMAND\n";
    } else {
        print_table(found, console);
    }
    return 0;
}

}  // namespace shadowcat::tape
