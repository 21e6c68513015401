// SPDX-License-Identifier: Apache-2.0
// Reads and tests matches; the cheap tests come first.
#include "rules/match.hpp"

#include <algorithm>

namespace shadowcat::intercept {

namespace {

constexpr std::string_view kToolCall = "tools/call";

bool answers_client(const sdk::MessageContext& context) {
    return context.direction == sdk::Direction::server_to_client;
}

/// Nothing given is no wish.
bool one_matches(const std::vector<TextPattern>& patterns, std::string_view text) {
    return patterns.empty() ||
           std::ranges::any_of(patterns, [&](const auto& each) { return each.matches(text); });
}

}  // namespace

Sight::Sight(const sdk::Message& of, const sdk::MessageContext& in) : message(of), context(in) {
    if (!of.is_response()) {
        method = of.method();
        name = of.name();
    } else if (answers_client(in)) {
        method = in.method;
        name = in.name;
    }
}

Match::Patterns Match::read_patterns(const NodeReader& reader, std::string_view key) {
    Patterns patterns;
    const auto given = reader.find(key);
    if (!given) return patterns;
    for (const NodeReader& each : given->one_or_more()) {
        const auto text = each.text();
        if (!text) continue;
        auto pattern = TextPattern::parse(*text);
        if (pattern.has_error()) {
            each.fail(pattern.error().message());
        } else {
            patterns.push_back(*std::move(pattern));
        }
    }
    return patterns;
}

void Match::read_sets(const NodeReader& reader) {
    if (const auto direction = reader.find("direction")) {
        const auto chosen = direction->choice({"client_to_server", "server_to_client"});
        if (chosen) directions_ = static_cast<std::uint8_t>(1U << *chosen);
    }
    if (const auto kind = reader.find("kind")) {
        kinds_ = 0;
        for (const NodeReader& each : kind->one_or_more()) {
            const auto chosen = each.choice({"request", "notification", "result", "error"});
            if (chosen) kinds_ |= static_cast<std::uint8_t>(1U << *chosen);
        }
    }
    if (const auto era = reader.find("era")) {
        const auto chosen = era->choice({"session", "stateless"});
        if (chosen) era_ = *chosen == 0 ? sdk::Era::session : sdk::Era::stateless;
    }
}

void Match::read_conditions(const NodeReader& reader) {
    const auto params = reader.find("params");
    if (!params || !params->is_mapping()) return;
    for (const YamlMember& member : params->node().members) {
        auto condition = Condition::read(params->of(member), member.key);
        if (condition) conditions_.push_back(*std::move(condition));
    }
}

std::optional<Match> Match::read_whole(const NodeReader& reader) {
    if (!reader.mapping_of(kKeys)) return std::nullopt;
    return read(reader);
}

void Match::read_nested(const NodeReader& reader) {
    for (const char* key : {"any", "not"}) {
        const auto given = reader.find(key);
        if (!given) continue;
        for (const NodeReader& each : given->one_or_more()) {
            auto match = read_whole(each);
            if (match) (key[0] == 'a' ? any_ : none_).push_back(*std::move(match));
        }
    }
}

Match Match::read(const NodeReader& reader) {
    Match match;
    match.read_sets(reader);
    match.methods_ = read_patterns(reader, "method");
    match.tools_ = read_patterns(reader, "tool");
    match.names_ = read_patterns(reader, "name");
    match.sessions_ = read_patterns(reader, "session");
    match.upstreams_ = read_patterns(reader, "upstream");
    match.revisions_ = read_patterns(reader, "revision");
    match.read_conditions(reader);
    match.read_nested(reader);
    return match;
}

std::vector<std::string> Match::exact_methods() const {
    if (!tools_.empty()) return {std::string(kToolCall)};
    std::vector<std::string> methods;
    for (const TextPattern& each : methods_) {
        if (!each.exact()) return {};
        methods.push_back(*each.exact());
    }
    return methods;
}

bool Match::holds(const Sight& sight) const {
    if ((kinds_ & bit_of(sight.message.kind())) == 0) return false;
    if ((directions_ & bit_of(sight.context.direction)) == 0) return false;
    if (era_ && *era_ != sight.context.era) return false;
    if (!one_matches(methods_, sight.method) || !one_matches(names_, sight.name)) return false;
    if (!tools_.empty() && (sight.method != kToolCall || !one_matches(tools_, sight.name)))
        return false;
    if (!one_matches(sessions_, sight.context.session)) return false;
    if (!one_matches(upstreams_, sight.context.upstream)) return false;
    if (!one_matches(revisions_, sight.context.revision)) return false;
    const auto meets = [&](const Condition& each) { return each.holds(sight.message.bytes()); };
    const auto nested = [&](const Match& each) { return each.holds(sight); };
    return std::ranges::all_of(conditions_, meets) &&
           (any_.empty() || std::ranges::any_of(any_, nested)) &&
           std::ranges::none_of(none_, nested);
}

}  // namespace shadowcat::intercept
