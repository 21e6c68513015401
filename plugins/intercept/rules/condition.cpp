// SPDX-License-Identifier: Apache-2.0
// Reads and tests conditions.
#include "rules/condition.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "rules/json_value.hpp"
#include "rules/scalar_json.hpp"

#include <algorithm>

namespace shadowcat::intercept {

std::optional<Condition> Condition::read(const NodeReader& value, const std::string& pointer) {
    sdk::Result<Pointer> at = Pointer::parse(pointer);
    if (at.has_error()) {
        value.fail(at.error().message());
        return std::nullopt;
    }
    Condition condition(*std::move(at));
    if (value.node().is_mapping()) {
        if (!condition.read_tests(value)) return std::nullopt;
    } else if (value.node().is_sequence()) {
        value.fail("for a list write {equals: […]} or {one_of: […]}");
        return std::nullopt;
    } else {
        condition.equals_.push_back(json_of(value.node()));
    }
    return condition;
}

bool Condition::read_tests(const NodeReader& tests) {
    const std::size_t before = tests.problems().size();
    if (!tests.mapping_of({"equals", "one_of", "matches", "exists", "gt", "gte", "lt", "lte"}))
        return false;
    if (tests.node().members.empty()) tests.fail("expected a test, such as {exists: true}");
    if (const auto exists = tests.find("exists")) exists_ = exists->boolean();
    if (exists_ == false && tests.node().members.size() > 1)
        tests.fail("exists: false stands alone");
    read_equal(tests);
    read_matches(tests);
    read_bounds(tests);
    return tests.problems().size() == before;
}

void Condition::read_equal(const NodeReader& tests) {
    const auto equals = tests.find("equals");
    const auto one_of = tests.find("one_of");
    if (equals && one_of) return one_of->fail("equals and one_of exclude each other");
    if (equals) equals_.push_back(json_of(equals->node()));
    if (!one_of) return;
    if (!one_of->node().is_sequence()) return one_of->fail("expected a list of values");
    for (const NodeReader& each : one_of->one_or_more())
        equals_.push_back(json_of(each.node()));
}

void Condition::read_matches(const NodeReader& tests) {
    const auto matches = tests.find("matches");
    const auto text = matches ? matches->text() : std::nullopt;
    if (!text) return;
    auto compiled = compile_expression(*text);
    if (compiled.has_error()) return matches->fail(compiled.error().message());
    expression_ = *std::move(compiled);
}

void Condition::read_bounds(const NodeReader& tests) {
    for (const char* key : {"gt", "gte", "lt", "lte"}) {
        const auto given = tests.find(key);
        if (!given) continue;
        Bound bound;
        bound.upper = key[0] == 'l';
        bound.inclusive = std::string_view(key).ends_with('e');
        bound.number = json_of(given->node());
        if (!is_json_number(bound.number)) given->fail("expected a number");
        bounds_.push_back(std::move(bound));
    }
}

bool Condition::Bound::holds(std::string_view value) const {
    const std::partial_ordering order = compare_numbers(value, number);
    if (order == std::partial_ordering::equivalent) return inclusive;
    return order == (upper ? std::partial_ordering::less : std::partial_ordering::greater);
}

bool Condition::holds(std::string_view message) const {
    const std::string_view value = at_.find(message);
    if (exists_ && *exists_ == value.empty()) return false;
    if (value.empty()) return exists_ == false;
    const auto equal = [&](const std::string& each) { return same_json(value, each); };
    if (!equals_.empty() && std::ranges::none_of(equals_, equal)) return false;
    if (expression_) {
        if (!sdk::json::is_string(value)) return false;
        const std::string text = sdk::json::unquote(value);
        if (!RE2::PartialMatch(piece_of(text), *expression_)) return false;
    }
    return std::ranges::all_of(bounds_, [&](const Bound& each) { return each.holds(value); });
}

}  // namespace shadowcat::intercept
