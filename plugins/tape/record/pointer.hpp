// SPDX-License-Identifier: Apache-2.0
// Pointer: a JSON pointer (RFC 6901) in which `*` stands for any member or element.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::tape {

class Pointer {
public:
    /// Throws `std::invalid_argument` for what is no pointer into `params`, `result` or `error`.
    explicit Pointer(const std::string& text);

    /// Calls `visit` with every value that it points to.
    void find(std::string_view json, const std::function<void(std::string_view)>& visit) const {
        descend(json, 0, visit);
    }

private:
    void descend(std::string_view value, std::size_t depth,
                 const std::function<void(std::string_view)>& visit) const;

    std::vector<std::string> steps_;
};

}  // namespace shadowcat::tape
