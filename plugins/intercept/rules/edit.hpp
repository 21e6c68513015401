// SPDX-License-Identifier: Apache-2.0
// Edit: one change of a message's text.
#pragma once

#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/result.hpp"

#include "rules/json_template.hpp"
#include "rules/node_reader.hpp"
#include "rules/pointer.hpp"
#include "rules/text_pattern.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shadowcat::intercept {

/// Pure; what it doesn't mean stays as it is, byte by byte.
class Edit {
public:
    virtual ~Edit() = default;

    /// Changes `text`, the text of a message of this kind. Pointers that messages of this kind
    /// can't have (`/params` of a response) are passed over. False when there was nothing to
    /// change.
    virtual sdk::Result<bool> apply(std::string& text, sdk::MessageKind kind) const = 0;
};

/// `set: {pointer: value}`
class SetEdit final : public Edit {
public:
    static std::unique_ptr<Edit> read(const NodeReader& reader);
    sdk::Result<bool> apply(std::string& text, sdk::MessageKind kind) const override;

private:
    std::vector<std::pair<Pointer, JsonTemplate>> values_;
};

/// `remove: [pointers]`
class RemoveEdit final : public Edit {
public:
    static std::unique_ptr<Edit> read(const NodeReader& reader);
    sdk::Result<bool> apply(std::string& text, sdk::MessageKind kind) const override;

private:
    std::vector<Pointer> pointers_;
};

/// `replace: {pointer, pattern, with}`: in the string there, or in every string value below.
class ReplaceEdit final : public Edit {
public:
    static std::unique_ptr<Edit> read(const NodeReader& reader);
    sdk::Result<bool> apply(std::string& text, sdk::MessageKind kind) const override;

private:
    Pointer at_;
    std::shared_ptr<const RE2> pattern_;
    std::string with_;
};

/// Applies `edit` to `message`. What comes out is refused (an error, and the message is as before)
/// when it is no valid message, or one of another kind or id. False: nothing to change.
sdk::Result<bool> edit_message(sdk::Message& message, const Edit& edit);

}  // namespace shadowcat::intercept
