// SPDX-License-Identifier: Apache-2.0
// Pairs the elements of two arrays.
#include "format/array_pairs.hpp"

#include "format/value_excerpt.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace shadowcat::tape {

namespace {

using sdk::Json;

using Positions = std::map<std::string, std::size_t>;

/// Where each value of `key` stands; empty unless every element has its own.
std::optional<Positions> positions_by(const Json& array, const char* key) {
    Positions out;
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (!array[i].is_object()) return std::nullopt;
        const auto member = array[i].find(key);
        if (member == array[i].end() || !member->is_string()) return std::nullopt;
        if (!out.emplace(member->get<std::string>(), i).second) return std::nullopt;
    }
    return out;
}

ArrayPairs pair_by_key(const char* key, const Json& expected, const Json& actual,
                       const Positions& left, const Positions& right) {
    ArrayPairs out;
    out.key = key;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto other = right.find(expected[i][key].get_ref<const std::string&>());
        if (other == right.end()) {
            out.only_expected.push_back(i);
        } else {
            out.pairs.emplace_back(i, other->second);
        }
    }
    for (std::size_t i = 0; i < actual.size(); ++i) {
        if (!left.contains(actual[i][key].get_ref<const std::string&>()))
            out.only_actual.push_back(i);
    }
    out.reordered = !std::ranges::is_sorted(out.pairs, {}, [](const auto& p) { return p.second; });
    return out;
}

ArrayPairs pair_by_position(const Json& expected, const Json& actual) {
    ArrayPairs out;
    const std::size_t shorter = std::min(expected.size(), actual.size());
    std::size_t front = 0;
    while (front < shorter && expected[front] == actual[front])
        ++front;
    std::size_t back = 0;
    while (back < shorter - front &&
           expected[expected.size() - 1 - back] == actual[actual.size() - 1 - back])
        ++back;
    for (std::size_t i = front; i < shorter - back; ++i)
        out.pairs.emplace_back(i, i);
    for (std::size_t i = shorter - back; i < expected.size() - back; ++i)
        out.only_expected.push_back(i);
    for (std::size_t i = shorter - back; i < actual.size() - back; ++i)
        out.only_actual.push_back(i);
    return out;
}

bool holds_only_scalars(const Json& array) {
    return std::ranges::none_of(array, [](const Json& e) { return e.is_structured(); });
}

}  // namespace

ArrayPairs pair_elements(const Json& expected, const Json& actual) {
    for (const char* key : {"name", "uri", "uriTemplate", "id"}) {
        const auto left = positions_by(expected, key);
        const auto right = left ? positions_by(actual, key) : std::nullopt;
        if (right && !left->empty() && !right->empty())
            return pair_by_key(key, expected, actual, *left, *right);
    }
    return pair_by_position(expected, actual);
}

bool same_scalars_in_another_order(const Json& expected, const Json& actual) {
    if (expected.size() != actual.size() || expected == actual) return false;
    if (!holds_only_scalars(expected) || !holds_only_scalars(actual)) return false;
    std::vector<Json> left(expected.begin(), expected.end());
    std::vector<Json> right(actual.begin(), actual.end());
    std::ranges::sort(left, [](const Json& a, const Json& b) { return a < b; });
    std::ranges::sort(right, [](const Json& a, const Json& b) { return a < b; });
    return left == right;
}

std::string order_of(const Json& array, const std::string& key) {
    Json keys = Json::array();
    for (const Json& element : array)
        keys.push_back(element[key]);
    return excerpt_of(keys);
}

}  // namespace shadowcat::tape
