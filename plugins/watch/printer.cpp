// SPDX-License-Identifier: Apache-2.0
// Between entries and the output.
#include "printer.hpp"

#include "shadowcat/sdk/log.hpp"

#include "traffic_line.hpp"

#include <cstdlib>

namespace shadowcat::watch {

namespace {

std::string_view no_color() {
    const char* value = std::getenv("NO_COLOR");
    return value == nullptr ? "" : value;
}

}  // namespace

Printer::Printer(const Options& options)
    : filter(options.filter), output_(options.output), colour_(options.colour) {}

void Printer::open() {
    const auto opened = output_.open();
    if (opened.has_error())
        sdk::log::error("watch can't open its output", {{"error", opened.error()}});
    look_.colour = coloured(colour_, output_.is_terminal(), no_color());
}

void Printer::add(const Entry& entry) { lines_ += traffic_line(entry, look_) + '\n'; }

std::size_t Printer::flush() {
    if (lines_.empty()) return 0;
    if (untold_ > 0 && output_.write(traffic_line(dropped_entry(untold_), look_) + '\n') == 0)
        untold_ = 0;
    const std::size_t lost = output_.write(lines_);
    untold_ += lost;
    lines_.clear();
    look_.width = output_.width();
    return lost;
}

}  // namespace shadowcat::watch
