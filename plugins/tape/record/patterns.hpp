// SPDX-License-Identifier: Apache-2.0
// Patterns: regular expressions whose matches are replaced.
#pragma once

#include "record/marker.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace shadowcat::tape {

class Patterns {
public:
    /// Throws `std::invalid_argument` for what is no RE2 expression, or matches the empty text.
    explicit Patterns(const std::vector<std::string>& expressions);
    ~Patterns();
    Patterns(const Patterns&) = delete;
    Patterns& operator=(const Patterns&) = delete;

    bool empty() const noexcept { return expressions_.empty(); }

    /// `text` with markers in the place of what matches; nothing when nothing does.
    std::optional<std::string> replaced(std::string_view text, const Marker& marker) const;

    /// Calls `visit` with each string and number within the JSON value `value` that holds a match,
    /// and the JSON text to put in its place. Keys aren't looked at.
    using Visit = std::function<void(std::string_view token, std::string replacement)>;
    void find(std::string_view value, const Marker& marker, const Visit& visit) const;

private:
    std::vector<std::unique_ptr<re2::RE2>> expressions_;
};

}  // namespace shadowcat::tape
