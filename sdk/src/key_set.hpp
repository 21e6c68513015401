// SPDX-License-Identifier: Apache-2.0
// KeySet: notices a key that appears twice in one JSON object.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

namespace shadowcat::sdk::inline v1 {

/// A few keys are compared one by one, more go into a hash set: an object with a hundred thousand
/// keys must not cost a quadratic time.
class KeySet {
public:
    /// False when `key` was inserted before. A key that lies in the text may be viewed for as long
    /// as the set lives; `owned` ones are copied.
    bool insert(std::string_view key, bool owned) {
        for (std::size_t i = 0; i < few_count_; ++i) {
            if (few_[i] == key) return false;
        }
        if (!owned && few_count_ < few_.size()) {
            few_[few_count_++] = key;
            return many_.empty() || !many_.contains(std::string(key));
        }
        return many_.emplace(key).second;
    }

private:
    std::array<std::string_view, 16> few_;
    std::size_t few_count_ = 0;
    std::unordered_set<std::string> many_;
};

}  // namespace shadowcat::sdk::inline v1
