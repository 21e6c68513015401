// SPDX-License-Identifier: Apache-2.0
// Keys that are accepted, and how the others are refused.
#include "record/options.hpp"

#include "format/scratch.hpp"
#include "format/tape_files.hpp"

#include <doctest/doctest.h>

using namespace shadowcat;
using tape::Options;
using tape::Scratch;

namespace {

Options options_of(const sdk::Json& config) {
    std::vector<sdk::ConfigError> errors;
    const sdk::Json value = sdk::validate(Options::schema(), config, "", errors);
    REQUIRE(errors.empty());
    return Options(value);
}

std::string problem(const sdk::Json& config) {
    try {
        options_of(config);
    } catch (const std::invalid_argument& wrong) {
        return wrong.what();
    }
    return {};
}

}  // namespace

TEST_CASE("without keys: the directory of the command, redacting, dropping") {
    const Options options = options_of(sdk::Json::object());
    CHECK(options.path == tape::default_tape_directory());
    CHECK_FALSE(options.is_file());
    CHECK(options.redact.enabled);
    CHECK(options.events);
    CHECK_FALSE(options.block);
    CHECK(options.max_file_bytes == 0);
}

TEST_CASE("keys reach the options") {
    const Options options = options_of({{"path", "/nowhere/yet/a.jsonl"},
                                        {"on_full", "block"},
                                        {"events", false},
                                        {"methods", {"tools/call"}},
                                        {"redact", {{"headers", {"X-Mine"}}}}});
    CHECK(options.is_file());
    CHECK(options.block);
    CHECK_FALSE(options.events);
    CHECK(options.methods.contains("tools/call"));
    CHECK(options.redact.headers == std::vector<std::string>{"X-Mine"});
    CHECK(options.redact.enabled);
}

TEST_CASE("what can't work is refused, and nothing is made") {
    const Scratch scratch;
    const auto file = scratch.write("file", "x");
    CHECK(problem({{"path", file.string()}}) ==
          "path: \"" + file.string() + "\" is not a directory");
    CHECK(problem({{"path", (file / "a/b").string()}}).find("is not a directory") !=
          std::string::npos);
    std::filesystem::create_directory(scratch.file("d.jsonl"));
    CHECK(problem({{"path", scratch.file("d.jsonl").string()}}).find("is a directory") !=
          std::string::npos);
    CHECK(problem({{"path", scratch.file("a.part2.jsonl").string()}}).find("second part") !=
          std::string::npos);
    CHECK(problem({{"path", scratch.file("a.jsonl").string()}, {"max_files", 5}})
              .find("need a path that is a directory") != std::string::npos);
    CHECK(problem({{"max_file_bytes", 100}}).find("max_file_bytes") == 0);
    CHECK(problem({{"redact", {{"enabled", false}, {"headers", {"X"}}}}}).find("do nothing") !=
          std::string::npos);
    CHECK(problem({{"path", scratch.file("new/dir").string()}}).empty());
    CHECK_FALSE(std::filesystem::exists(scratch.file("new")));
}
