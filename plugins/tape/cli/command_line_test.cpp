// SPDX-License-Identifier: Apache-2.0
// The arguments of `shadowcat tape`.
#include "cli/testing/tape_bench.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using namespace shadowcat::tape;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every subcommand has help with examples") {
    TapeBench bench;
    CHECK(holds(bench.run_exactly({"--help"}).out, "Examples:\n  shadowcat forward --tape"));
    for (const char* name : {"list", "show", "validate", "export", "diff", "stats", "delete"}) {
        const RanCommand ran = bench.run_exactly({name, "--help"});
        CHECK(ran.code == 0);
        CHECK(ran.errors.empty());
        CHECK(holds(ran.out, std::string("Examples:\n  shadowcat tape ") + name));
        CHECK(holds(ran.out, "--dir DIR"));
    }
}

TEST_CASE("wrong usage is one line and 2") {
    TapeBench bench;
    const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
        {{}, "tape: say what to do"},
        {{"dance"}, "tape: what is 'dance'?"},
        {{"show"}, "tape show: tape is required"},
        {{"show", "x", "--wrong"}, "tape show: what is '--wrong'?"},
        {{"show", "x", "--from", "soon"}, "tape show: --from: 'soon' is no place on a tape"},
        {{"show", "x", "--direction", "up"},
         "tape show: --direction is client or server, not 'up'"},
        {{"list", "--sort", "name"}, "tape list: --sort is created, size or frames, not 'name'"},
        {{"list", "--limit", "-1"}, "tape list: "},
        {{"export", "x", "--format", "pdf"}, "tape export: --format is har, json, curl or postman"},
        {{"export", "x"}, "tape export: --format is required"},
        {{"export", "x", "--format", "har", "--force"}, "tape export: --force is only for"},
        {{"show", "\x1b[2J", "\x1b[2J"}, "tape show: what is '\\u001b[2J'?"}};
    for (const auto& [arguments, message] : wrong) {
        const RanCommand ran = bench.run_exactly(arguments);
        CHECK(ran.code == 2);
        CHECK(ran.out.empty());
        CHECK(std::count(ran.errors.begin(), ran.errors.end(), '\n') == 1);
        CHECK_MESSAGE(ran.errors.starts_with("shadowcat: " + message), ran.errors);
        CHECK(holds(ran.errors, "--help')"));
    }
}

TEST_CASE("words for completions") {
    const auto words = TapeCommand().words();
    const auto has = [&](sdk::CommandWord::Kind kind, const std::string& word,
                         const std::string& below, const std::string& values) {
        return std::ranges::any_of(words, [&](const sdk::CommandWord& each) {
            return each.kind == kind && each.word == word && each.below == below &&
                   each.values == values;
        });
    };
    using Kind = sdk::CommandWord::Kind;
    CHECK(has(Kind::subcommand, "show", "", ""));
    CHECK(has(Kind::flag, "--format", "export", "har|json|curl|postman"));
    CHECK(has(Kind::flag, "--output", "export", "FILE"));
    CHECK(has(Kind::flag, "--json", "diff", ""));
    CHECK(has(Kind::flag, "--no-events", "show", ""));
    CHECK(has(Kind::file, "TAPE", "show", ""));
}
