// SPDX-License-Identifier: Apache-2.0
// Schema, and what a schema can't check.
#include "replay/replay_options.hpp"

#include <cmath>
#include <stdexcept>

namespace shadowcat::tape {

namespace {

constexpr double kSlowest = 0.01;
constexpr double kFastest = 1000;

sdk::Schema live_upstream_schema() {
    sdk::Schema schema;
    schema.add(
        sdk::string("transport", "How it is reached: stdio, http, or what plugins add").required());
    schema.add(sdk::string_list("command", "stdio: program and arguments; no shell is involved"));
    schema.add(sdk::string_map("env", "stdio: variables to set in its environment").secret());
    schema.add(sdk::string("cwd", "stdio: its working directory"));
    schema.add(sdk::string("url", "http: where it is"));
    schema.add(sdk::string_map("headers", "http: headers of every request").secret());
    return schema;
}

OnNoMatch on_no_match_of(const std::string& word) {
    if (word == "closest") return OnNoMatch::closest;
    return word == "upstream" ? OnNoMatch::upstream : OnNoMatch::error;
}

void refuse_options(bool wrong, const char* why) {
    if (wrong) throw std::invalid_argument(why);
}

}  // namespace

sdk::Schema ReplayOptions::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("tape", "The tape: its file, or its id").required());
    schema.add(sdk::string("dir", "Where an id is looked up; the usual place for tapes if absent"));
    schema.add(sdk::string("match",
                           "normalised: the same method and parameters, however they are written; "
                           "strict: equal byte by byte, in the recorded order, each once")
                   .defaults_to("normalised")
                   .one_of({"normalised", "strict"}));
    schema.add(
        sdk::string("timing", "instant: everything at once; recorded: with the recorded delays")
            .defaults_to("instant")
            .one_of({"recorded", "instant"}));
    schema.add(sdk::number("speed", "With timing recorded: 2 is twice as fast. Default: 1"));
    schema.add(sdk::string("on_no_match",
                           "What a request gets that the tape doesn't have: error: an error that "
                           "names what came closest; closest: that; upstream: the answer of the "
                           "live server `upstream`")
                   .defaults_to("error")
                   .one_of({"error", "closest", "upstream"}));
    schema.add(
        sdk::object("upstream", "The live server, of the tape's era", live_upstream_schema()));
    schema.add(sdk::boolean("allow_redacted",
                            "Replay a tape in which messages were redacted; clients then get the "
                            "placeholders")
                   .defaults_to(false));
    schema.add(sdk::integer("answer_timeout_secs",
                            "Longest wait for the client's answer where the recording had one; "
                            "then the replay goes on")
                   .defaults_to(60)
                   .between(1, 86400));
    return schema;
}

ReplayOptions::ReplayOptions(const sdk::Json& config)
    : tape(config.at("tape").get<std::string>()),
      directory(config.value("dir", "")),
      match(config.at("match") == "strict" ? MatchMode::strict : MatchMode::normalised),
      timing(config.at("timing") == "recorded" ? Timing::recorded : Timing::instant),
      speed(config.value("speed", 1.0)),
      on_no_match(on_no_match_of(config.at("on_no_match").get<std::string>())),
      upstream(config.value("upstream", sdk::Json::object())),
      allow_redacted(config.at("allow_redacted").get<bool>()),
      answer_timeout(std::chrono::seconds(config.at("answer_timeout_secs").get<int>())) {
    check(config);
}

void ReplayOptions::check(const sdk::Json& config) const {
    refuse_options(tape.empty(), "tape: name a file or an id");
    const bool has_speed = config.contains("speed");
    refuse_options(has_speed && timing == Timing::instant, "speed needs timing: recorded");
    refuse_options(!(speed >= kSlowest && speed <= kFastest),
                   "speed must be between 0.01 and 1000");
    const bool live = on_no_match == OnNoMatch::upstream;
    refuse_options(live && upstream.empty(), "on_no_match: upstream needs upstream");
    refuse_options(!live && !upstream.empty(), "upstream needs on_no_match: upstream");
}

}  // namespace shadowcat::tape
