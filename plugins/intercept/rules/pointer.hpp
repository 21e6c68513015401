// SPDX-License-Identifier: Apache-2.0
// Pointer: a JSON Pointer (RFC 6901) from a message's root, read and applied on JSON text.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::intercept {

/// Look-ups and edits work on valid JSON text by cutting and pasting: what the pointer doesn't name
/// stays as it is, byte by byte. Of members that stand twice the last counts, as for most readers.
class Pointer {
public:
    /// Fails with `config` for text that isn't empty and doesn't begin with `/`, or has a `~` that
    /// is neither `~0` nor `~1`.
    static sdk::Result<Pointer> parse(const std::string& text);

    const std::string& text() const noexcept { return text_; }
    bool is_root() const noexcept { return keys_.empty(); }

    /// The first key; empty for the root.
    std::string_view first() const noexcept {
        return keys_.empty() ? std::string_view() : std::string_view(keys_.front());
    }

    /// The value as it stands in `json`; empty when there is none.
    std::string_view find(std::string_view json) const;

    /// Sets the value (JSON text), adding the objects that are missing on the way. An index may be
    /// the length of its array, or `-`: appended. Fails with `unsupported` when the way leads
    /// through something that is neither object nor array, or beyond an array's end.
    sdk::Result<std::string> set(std::string_view json, std::string_view value) const;

    /// Cuts the value out, with its key; what isn't there leaves `json` as it is.
    std::string remove(std::string_view json) const;

private:
    std::size_t walk(std::string_view json, std::string_view& value) const;

    std::string text_;
    std::vector<std::string> keys_;
};

}  // namespace shadowcat::intercept
