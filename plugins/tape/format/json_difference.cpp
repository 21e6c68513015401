// SPDX-License-Identifier: Apache-2.0
// Walks two values at a time.
#include "format/json_difference.hpp"

#include "format/array_pairs.hpp"
#include "format/safe_text.hpp"
#include "format/value_excerpt.hpp"
#include "format/volatile_text.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::tape {

namespace {

using sdk::Json;

// What is nested deeper isn't parsed for display: walks may recurse.
constexpr std::size_t kMaxComparedDepth = 512;

bool same_type(const Json& a, const Json& b) {
    return a.type() == b.type() || (a.is_number() && b.is_number());
}

class DifferenceWalk {
public:
    DifferenceWalk(const Ignored& ignored, std::size_t limit) : ignored_(ignored), limit_(limit) {}

    std::vector<Difference> take() && { return std::move(found_); }

    void compare(const Json& expected, const Json& actual) {
        if (full()) return;
        if (!same_type(expected, actual)) return report_both(Kind::type, expected, actual);
        if (expected.is_object()) return compare_objects(expected, actual);
        if (expected.is_array()) return compare_arrays(expected, actual);
        if (expected != actual && !differ_only_in_time(expected, actual))
            report_both(Kind::value, expected, actual);
    }

private:
    using Kind = Difference::Kind;

    bool full() const { return found_.size() >= limit_; }

    bool differ_only_in_time(const Json& a, const Json& b) const {
        if (!ignored_.times) return false;
        if (a.is_string()) {
            return same_but_for_times(a.get_ref<const std::string&>(),
                                      b.get_ref<const std::string&>());
        }
        return both_unix_times(path_.empty() ? "" : path_.back(), a, b);
    }

    void compare_objects(const Json& expected, const Json& actual) {
        for (const auto& [key, value] : expected.items()) {
            const auto other = actual.find(key);
            path_.push_back(key);
            if (other == actual.end()) {
                report(Kind::missing, excerpt_of(value), "");
            } else {
                compare(value, *other);
            }
            path_.pop_back();
        }
        for (const auto& [key, value] : actual.items()) {
            if (!expected.contains(key)) report_below(key, Kind::added, "", excerpt_of(value));
        }
    }

    void compare_arrays(const Json& expected, const Json& actual) {
        if (same_scalars_in_another_order(expected, actual))
            return report_both(Kind::order, expected, actual);
        const ArrayPairs pairs = pair_elements(expected, actual);
        if (pairs.reordered)
            report(Kind::order, order_of(expected, pairs.key), order_of(actual, pairs.key));
        for (const auto& [left, right] : pairs.pairs) {
            path_.push_back(std::to_string(left));
            compare(expected[left], actual[right]);
            path_.pop_back();
        }
        for (const std::size_t index : pairs.only_expected)
            report_below(std::to_string(index), Kind::missing, excerpt_of(expected[index]), "");
        for (const std::size_t index : pairs.only_actual)
            report_below(std::to_string(index), Kind::added, "", excerpt_of(actual[index]));
    }

    void report_both(Kind kind, const Json& expected, const Json& actual) {
        auto [before, after] = excerpts_of(expected, actual);
        report(kind, std::move(before), std::move(after));
    }

    void report_below(const std::string& key, Kind kind, std::string expected, std::string actual) {
        path_.push_back(key);
        report(kind, std::move(expected), std::move(actual));
        path_.pop_back();
    }

    void report(Kind kind, std::string expected, std::string actual) {
        if (full() || ignored_.covers(path_)) return;
        found_.emplace_back(kind, json_pointer(path_), std::move(expected), std::move(actual));
    }

    const Ignored& ignored_;
    std::size_t limit_;
    std::vector<std::string> path_;
    std::vector<Difference> found_;
};

bool is_too_deep(std::string_view text) {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '"') quoted = !quoted;
        if (c == '\\' && quoted) ++i;
        if (quoted) continue;
        if ((c == '[' || c == '{') && ++depth > kMaxComparedDepth) return true;
        if ((c == ']' || c == '}') && depth > 0) --depth;
    }
    return false;
}

}  // namespace

std::string_view name(Difference::Kind kind) noexcept {
    constexpr std::array<std::string_view, 5> names = {"missing", "added", "type", "value",
                                                       "order"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<Difference> differences(const Json& expected, const Json& actual,
                                    const Ignored& ignored, std::size_t limit) {
    DifferenceWalk walk(ignored, limit);
    walk.compare(expected, actual);
    return std::move(walk).take();
}

std::string describe(const Difference& difference) {
    const std::string where =
        difference.pointer.empty() ? "the whole value" : safe_text(difference.pointer, 300);
    const std::string expected = safe_text(difference.expected);
    const std::string actual = safe_text(difference.actual);
    switch (difference.kind) {
        case Difference::Kind::missing:
            return where + ": missing (was " + expected + ")";
        case Difference::Kind::added:
            return where + ": added " + actual;
        case Difference::Kind::order:
            return where + ": order " + expected + " → " + actual;
        case Difference::Kind::type:
        case Difference::Kind::value:
            break;
    }
    return where + ": " + expected + " → " + actual;
}

std::optional<Json> parse_for_display(std::string_view text) {
    if (is_too_deep(text)) return std::nullopt;
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) return std::nullopt;
    return value;
}

}  // namespace shadowcat::tape
