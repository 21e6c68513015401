// SPDX-License-Identifier: Apache-2.0
// Reads watch's keys.
#include "options.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace shadowcat::watch {

namespace {

constexpr std::array<const char*, 6> kNamesOfStdout = {
    "stdout", "-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1"};

std::string checked_output(const std::string& output) {
    if (output == "none") return {};
    if (output.empty() || output.find('\0') != std::string::npos)
        throw std::invalid_argument("output: expected stderr, none or the name of a file");
    if (std::ranges::find(kNamesOfStdout, output) != kNamesOfStdout.end())
        throw std::invalid_argument("output: stdout may carry MCP; expected stderr or a file");
    return output;
}

}  // namespace

sdk::Schema Options::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("output",
                           "Where lines are written: stderr, the path of a file or terminal, or "
                           "none: only 'shadowcat watch' sees them.")
                   .defaults_to(sdk::Json("none")));
    schema.add(sdk::string("color",
                           "Whether lines have colors; auto: if the output is a terminal and "
                           "NO_COLOR is not set.")
                   .defaults_to(sdk::Json("auto"))
                   .one_of(colour_choices()));
    schema.merge(Filter::schema());
    return schema;
}

Options::Options(const sdk::Json& config)
    : output(checked_output(config.at("output").get<std::string>())),
      colour(colour_choice(config.at("color").get<std::string>())),
      filter(config) {}

}  // namespace shadowcat::watch
