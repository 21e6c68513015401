// SPDX-License-Identifier: Apache-2.0
// Condition: what a rule wants of one value in a message.
#pragma once

#include "rules/node_reader.hpp"
#include "rules/pointer.hpp"
#include "rules/text_pattern.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::intercept {

/// All of what is given must hold. Only `exists: false` holds for a value that isn't there.
class Condition {
public:
    /// Reads the entry `pointer: value` or `pointer: {matches: …, gt: …}`; nothing when it is
    /// wrong.
    static std::optional<Condition> read(const NodeReader& value, const std::string& pointer);

    bool holds(std::string_view message) const;

private:
    class Bound {
    public:
        bool upper = false, inclusive = false;
        std::string number;

        bool holds(std::string_view value) const;
    };

    explicit Condition(Pointer at) : at_(std::move(at)) {}
    bool read_tests(const NodeReader& tests);
    void read_equal(const NodeReader& tests);
    void read_matches(const NodeReader& tests);
    void read_bounds(const NodeReader& tests);

    Pointer at_;
    std::optional<bool> exists_;
    std::vector<std::string> equals_;  // one of them; empty: whatever
    std::shared_ptr<const RE2> expression_;
    std::vector<Bound> bounds_;
};

}  // namespace shadowcat::intercept
