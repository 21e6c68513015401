// SPDX-License-Identifier: Apache-2.0
// Match: which messages a rule is about.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "rules/condition.hpp"
#include "rules/node_reader.hpp"
#include "rules/text_pattern.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace shadowcat::intercept {

/// A message as rules see it: responses have the method and name of the request that they answer.
class Sight {
public:
    Sight(const sdk::Message& of, const sdk::MessageContext& in);

    const sdk::Message& message;
    const sdk::MessageContext& context;

    /// Empty for a client's answer to a server's request, of which nobody kept the method.
    std::string_view method;
    std::string_view name;  ///< Of a tool or prompt, or a URI.
};

/// A set of kinds of messages, and one of directions.
inline constexpr std::uint8_t kAllKinds = 0b1111;
inline constexpr std::uint8_t kBothDirections = 0b11;
inline std::uint8_t bit_of(sdk::MessageKind kind) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}
inline std::uint8_t bit_of(sdk::Direction direction) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(direction));
}

/// Everything that is given must hold. Pure; immutable after reading.
class Match {
public:
    /// The keys that a match may have; `reader` may be read for others by the caller.
    static constexpr std::array<std::string_view, 12> kKeys = {
        "direction", "kind",     "method", "tool",     "name", "params",
        "session",   "upstream", "era",    "revision", "any",  "not"};

    /// Reads the keys above and notes what is wrong.
    static Match read(const NodeReader& reader);

    bool holds(const Sight& sight) const;

    std::uint8_t kinds() const noexcept { return kinds_; }
    std::uint8_t directions() const noexcept { return directions_; }

    /// The only methods that can match, when they are known; else empty.
    std::vector<std::string> exact_methods() const;

private:
    using Patterns = std::vector<TextPattern>;

    static Patterns read_patterns(const NodeReader& reader, std::string_view key);
    void read_sets(const NodeReader& reader);
    void read_conditions(const NodeReader& reader);
    void read_nested(const NodeReader& reader);
    static std::optional<Match> read_whole(const NodeReader& reader);

    std::uint8_t kinds_ = kAllKinds;
    std::uint8_t directions_ = kBothDirections;
    std::optional<sdk::Era> era_;
    Patterns methods_, tools_, names_, sessions_, upstreams_, revisions_;
    std::vector<Condition> conditions_;
    std::vector<Match> any_;
    std::vector<Match> none_;
};

}  // namespace shadowcat::intercept
