// SPDX-License-Identifier: Apache-2.0
// Finds out what the terminal can show.
#include "cli/console.hpp"

#include "format/safe_text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <iostream>

namespace shadowcat::tape {

namespace {

constexpr std::array<std::string_view, 8> kCodes = {"0", "2", "1", "31", "32", "33", "34", "36"};

std::size_t terminal_width() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

Style style_of(sdk::CommandContext& context, bool terminal) {
    if (!terminal) return Style();
    const bool colours = context.environment("NO_COLOR").value_or("").empty();
    return Style(colours, terminal_width());
}

}  // namespace

std::string Style::paint(Colour colour, std::string_view text) const {
    if (!colours || colour == Colour::plain || text.empty()) return std::string(text);
    std::string out = "\x1b[";
    out.append(kCodes[static_cast<std::size_t>(colour)]).append("m").append(text);
    return out += "\x1b[0m";
}

Console::Console(sdk::CommandContext& context)
    : context_(context),
      prints_to_terminal_(&context.out() == &std::cout && ::isatty(STDOUT_FILENO) == 1),
      style_(style_of(context, prints_to_terminal_)),
      shows_progress_(&context.errors() == &std::cerr && ::isatty(STDERR_FILENO) == 1) {}

int Console::fail(const sdk::Error& error) { return fail(error.message()); }

int Console::fail(std::string_view sentence) {
    out().flush();
    errors() << "shadowcat: " << safe_text(sentence) << '\n';
    return 1;
}

int Console::refuse(std::string_view sentence) {
    fail(sentence);
    return 2;
}

}  // namespace shadowcat::tape
