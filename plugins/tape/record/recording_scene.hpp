// SPDX-License-Identifier: Apache-2.0
// For tests: messages to record, and tapes to look at.
#pragma once

#include "shadowcat/sdk/log.hpp"

#include "format/scratch.hpp"
#include "format/tape_files.hpp"
#include "format/tape_meta.hpp"
#include "format/tape_reader.hpp"
#include "record/entry.hpp"
#include "record/options.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace shadowcat::tape::scene {

inline Options options(const Scratch& scratch, sdk::Json config = sdk::Json::object()) {
    if (!config.contains("path")) config["path"] = scratch.file("tapes").string();
    std::vector<sdk::ConfigError> errors;
    const sdk::Json value = sdk::validate(Options::schema(), config, "", errors);
    for (const auto& error : errors)
        FAIL_CHECK(error.path, ": ", error.message);
    return Options(value);
}

inline std::string request(int id, const std::string& method = "ping") {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + "\"}";
}

inline std::string result(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":{}})";
}

/// What is said of a message beside its text.
class Said {
public:
    Said() = default;
    Said(std::string label, sdk::Direction towards)
        : session(std::move(label)), direction(towards) {}

    std::string session = "s1";
    sdk::Direction direction = sdk::Direction::client_to_server;
    sdk::Era era = sdk::Era::session;
    std::uint64_t exchange = 0;
    std::size_t worker = 0;
};

inline Entry message(const std::string& bytes, const Said& said = Said()) {
    sdk::MessageContext context(said.direction, said.session, "primary");
    context.era = said.era;
    context.exchange = said.exchange;
    Entry entry(sdk::Message::parse(bytes).value(), context, said.worker);
    entry.time = sdk::Clock::now();
    return entry;
}

inline Entry answer(const std::string& bytes, Said said = Said()) {
    said.direction = sdk::Direction::server_to_client;
    return message(bytes, said);
}

inline Entry event(EventRecord::Kind kind, const std::string& session, const std::string& text = {},
                   sdk::Hop hop = sdk::Hop::downstream) {
    sdk::TransportEvent event(kind, hop, session);
    event.text = text;
    Entry entry(event, 0);
    entry.time = sdk::Clock::now();
    return entry;
}

inline std::vector<TapeLine> lines_of(const std::filesystem::path& file) {
    auto reader = TapeReader::open(file);
    INFO((reader.has_error() ? reader.error().message() : ""));
    REQUIRE(reader.has_value());
    std::vector<TapeLine> lines;
    while (auto line = reader->next())
        lines.push_back(*std::move(line));
    for (const TapeProblem& problem : reader->problems())
        FAIL_CHECK(file.string(), " line ", problem.line, ": ", problem.text);
    return lines;
}

/// The words for the kinds of a tape's lines: `fcfe` is frame, correlation, frame, end.
inline std::string kinds_of(const std::filesystem::path& file) {
    constexpr std::string_view kLetters = "fvckge?";  // frame, eVent, correlation, checKpoint, …
    std::string kinds;
    for (const TapeLine& line : lines_of(file))
        kinds += kLetters[static_cast<std::size_t>(line.kind)];
    return kinds;
}

}  // namespace shadowcat::tape::scene
