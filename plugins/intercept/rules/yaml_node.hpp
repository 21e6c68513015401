// SPDX-License-Identifier: Apache-2.0
// YamlNode: a value of a rules file with its place, aliases written out, within bounds.
#pragma once

#include "rules/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::intercept {

class YamlMember;

/// A value as it was written: whether text is a number is for its reader to say.
class YamlNode {
public:
    enum class Kind : std::uint8_t { null, scalar, sequence, mapping };

    Kind kind = Kind::null;
    bool quoted = false;  ///< A scalar that is text whatever it looks like.
    Place place;
    std::string text;                 ///< Of a scalar.
    std::vector<YamlNode> items;      ///< Of a sequence.
    std::vector<YamlMember> members;  ///< Of a mapping, in the order of the file; keys differ.

    bool is_scalar() const noexcept { return kind == Kind::scalar; }
    bool is_sequence() const noexcept { return kind == Kind::sequence; }
    bool is_mapping() const noexcept { return kind == Kind::mapping; }
};

class YamlMember {
public:
    std::string key;
    Place place;  ///< Of the key.
    YamlNode value;
};

/// Bounds of what a rules file may hold.
inline constexpr std::size_t kMaxRulesBytes = 1024 * 1024;
inline constexpr std::size_t kMaxYamlValues = 100'000;
inline constexpr std::size_t kMaxYamlDepth = 32;

/// Reads one YAML (or JSON) document. Nothing when there is a problem, which is appended.
std::optional<YamlNode> read_yaml(const std::string& text, Problems& problems);

}  // namespace shadowcat::intercept
