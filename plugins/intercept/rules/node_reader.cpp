// SPDX-License-Identifier: Apache-2.0
// Types and bounds of single values.
#include "rules/node_reader.hpp"

#include "rules/scalar_json.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace shadowcat::intercept {

namespace {

std::string list_of(NodeReader::Keys words) {
    std::string list;
    for (const std::string_view word : words)
        list.append(list.empty() ? "" : ", ").append(word);
    return list;
}

template <class T>
std::optional<T> exactly(const std::string& text) {
    T number{};
    const char* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, number);
    if (stop != end || failed != std::errc()) return std::nullopt;
    return number;
}

std::string short_number(double number) {
    std::ostringstream text;
    text << number;
    return text.str();
}

}  // namespace

void NodeReader::fail(std::string what) const {
    problems_->emplace_back(node_->place, key_, std::move(what));
}

void NodeReader::fail_at(const YamlMember& member, std::string what) const {
    problems_->emplace_back(member.place, key_.empty() ? member.key : key_ + "." + member.key,
                            std::move(what));
}

bool NodeReader::is_mapping() const {
    if (node_->is_mapping()) return true;
    fail("expected a mapping");
    return false;
}

bool NodeReader::mapping_of(Keys keys) const {
    if (!is_mapping()) return false;
    const std::size_t before = problems_->size();
    for (const YamlMember& member : node_->members) {
        if (std::ranges::find(keys, member.key) == keys.end())
            fail_at(member, "unknown key; expected one of " + list_of(keys));
    }
    return problems_->size() == before;
}

NodeReader NodeReader::of(const YamlMember& member) const {
    return NodeReader(member.value, key_.empty() ? member.key : key_ + "." + member.key,
                      *problems_);
}

NodeReader NodeReader::item(std::size_t index) const {
    return NodeReader(node_->items[index], key_ + "[" + std::to_string(index) + "]", *problems_);
}

std::optional<NodeReader> NodeReader::find(std::string_view key) const {
    for (const YamlMember& member : node_->members)
        if (member.key == key) return of(member);
    return std::nullopt;
}

std::optional<NodeReader> NodeReader::need(std::string_view key) const {
    std::optional<NodeReader> found = find(key);
    if (!found) fail("the key " + std::string(key) + " is missing");
    return found;
}

std::vector<NodeReader> NodeReader::one_or_more() const {
    if (!node_->is_sequence()) return {*this};
    std::vector<NodeReader> readers;
    for (std::size_t i = 0; i < node_->items.size(); ++i)
        readers.push_back(item(i));
    if (readers.empty()) fail("the list is empty");
    return readers;
}

std::optional<std::string> NodeReader::text() const {
    if (node_->is_scalar()) return node_->text;
    fail("expected text");
    return std::nullopt;
}

std::optional<bool> NodeReader::boolean() const {
    const std::string json = node_->is_scalar() ? json_of(*node_) : std::string();
    if (json == "true" || json == "false") return json == "true";
    fail("expected true or false");
    return std::nullopt;
}

std::optional<std::int64_t> NodeReader::integer(std::int64_t low, std::int64_t high) const {
    const bool plain = node_->is_scalar() && !node_->quoted;
    const auto number = plain ? exactly<std::int64_t>(node_->text) : std::nullopt;
    if (number && *number >= low && *number <= high) return number;
    fail("expected an integer from " + std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
}

std::optional<double> NodeReader::number(double low, double high) const {
    const bool plain = node_->is_scalar() && !node_->quoted && is_json_number(json_of(*node_));
    const auto number = plain ? exactly<double>(json_of(*node_)) : std::nullopt;
    if (number && *number >= low && *number <= high) return number;
    fail("expected a number from " + short_number(low) + " to " + short_number(high));
    return std::nullopt;
}

std::optional<std::size_t> NodeReader::choice(Keys choices) const {
    if (node_->is_scalar()) {
        const auto found = std::ranges::find(choices, node_->text);
        if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    }
    fail("expected one of " + list_of(choices));
    return std::nullopt;
}

}  // namespace shadowcat::intercept
