// SPDX-License-Identifier: Apache-2.0
// The arguments of `shadowcat intercept`, and what is wrong with them.
#include "cli/intercept_arguments.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace shadowcat;
using namespace shadowcat::intercept;

namespace {

InterceptArguments read(const std::vector<std::string>& arguments) {
    const auto parsed = parse_intercept(arguments);
    REQUIRE_MESSAGE(parsed.has_value(), parsed.error().message());
    return *parsed;
}

std::string wrong(const std::vector<std::string>& arguments) {
    const auto parsed = parse_intercept(arguments);
    return parsed.has_error() ? parsed.error().message() : "";
}

std::string help(const std::vector<std::string>& arguments) {
    return read(arguments).help.value_or("");
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("subcommands and their options") {
    CHECK(read({"list"}).subcommand == "list");
    CHECK(read({"list", "--follow"}).follow);
    CHECK(read({"list", "--json", "--proxy", "12"}).proxy == "12");
    CHECK(read({"show", "3"}).id == 3);
    CHECK(read({"show", "3", "--raw"}).raw);
    CHECK(read({"edit", "3", "--file", "-"}).file == "-");
    CHECK(read({"edit", "--resume", "3"}).resume);
    CHECK(read({"resume", "all"}).id == "all");
    CHECK(read({"drop", "18446744073709551615"}).id == 18446744073709551615U);
    CHECK(read({"rules", "--json"}).json);
}

TEST_CASE("wrong usage is one line that names it") {
    CHECK(wrong({}) == "A subcommand is required");
    CHECK(holds(wrong({"lits"}), "lits"));
    CHECK(wrong({"show"}) == "id is required");
    CHECK(wrong({"show", "all"}) == "'all' is no message's number");
    CHECK(wrong({"show", "-1"}) != "");
    CHECK(wrong({"resume", "3x"}) == "'3x' is no message's number, nor 'all'");
    CHECK(holds(wrong({"list", "--folow"}), "--folow"));
    CHECK(holds(wrong({"show", "1", "2"}), "2"));
}

TEST_CASE("every help has examples") {
    CHECK(holds(help({"--help"}), "shadowcat intercept resume all"));
    for (const char* each : {"list", "show", "edit", "resume", "drop", "rules"}) {
        const std::string text = help({each, "--help"});
        CHECK(holds(text, "Examples:"));
        CHECK(holds(text, std::string("Usage: shadowcat intercept ") + each));
    }
}

TEST_CASE("completions know the words") {
    const auto words = intercept_words();
    const auto has = [&](const char* word, const char* below) {
        return std::ranges::any_of(words, [&](const sdk::CommandWord& each) {
            return each.word == word && each.below == below;
        });
    };
    CHECK(has("edit", ""));
    CHECK(has("--file", "edit"));
    CHECK(has("--follow", "list"));
    CHECK_FALSE(has("--follow", "edit"));
}
