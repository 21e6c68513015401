// SPDX-License-Identifier: Apache-2.0
// NodeReader: takes typed values out of a rules file and notes what is wrong with them.
#pragma once

#include "rules/problem.hpp"
#include "rules/yaml_node.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::intercept {

/// One value and its key. Every getter notes a problem where it gives nothing.
class NodeReader {
public:
    using Keys = std::span<const std::string_view>;
    using Words = std::initializer_list<std::string_view>;

    NodeReader(const YamlNode& node, std::string key, Problems& problems)
        : node_(&node), key_(std::move(key)), problems_(&problems) {}

    const YamlNode& node() const noexcept { return *node_; }
    const std::string& key() const noexcept { return key_; }
    Problems& problems() const noexcept { return *problems_; }

    void fail(std::string what) const;

    /// A problem at the key `member` of this mapping.
    void fail_at(const YamlMember& member, std::string what) const;

    /// True for a mapping that has only these keys; others are problems.
    bool mapping_of(Keys keys) const;
    bool mapping_of(Words keys) const { return mapping_of(Keys(keys.begin(), keys.size())); }
    bool is_mapping() const;

    /// The value of `key`; nothing (and no problem) where it is absent.
    std::optional<NodeReader> find(std::string_view key) const;

    /// The same, but absence is a problem.
    std::optional<NodeReader> need(std::string_view key) const;

    NodeReader of(const YamlMember& member) const;
    NodeReader item(std::size_t index) const;

    /// The items of a list that has some, or the one value that stands in its place.
    std::vector<NodeReader> one_or_more() const;

    std::optional<std::string> text() const;
    std::optional<bool> boolean() const;
    std::optional<std::int64_t> integer(std::int64_t low, std::int64_t high) const;
    std::optional<double> number(double low, double high) const;

    /// The position of the text among `choices`.
    std::optional<std::size_t> choice(Keys choices) const;
    std::optional<std::size_t> choice(Words words) const {
        return choice(Keys(words.begin(), words.size()));
    }

private:
    const YamlNode* node_;
    std::string key_;
    Problems* problems_;
};

}  // namespace shadowcat::intercept
