// SPDX-License-Identifier: Apache-2.0
// Applies edits, and refuses what must not come of them.
#include "rules/edit.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <functional>

namespace shadowcat::intercept {

namespace {

constexpr std::size_t kDeepestMessage = 1024;

/// Whether messages of `kind` can have what `pointer` leads to.
bool fits(const Pointer& pointer, sdk::MessageKind kind) {
    const std::string_view first = pointer.first();
    if (first == "result") return kind == sdk::MessageKind::result;
    if (first == "error") return kind == sdk::MessageKind::error;
    const bool response = kind == sdk::MessageKind::result || kind == sdk::MessageKind::error;
    return !response || (first != "params" && first != "method");
}

/// Calls `visit` with each string value in `value`, itself included; keys aren't meant.
void each_string(std::string_view value, const std::function<void(std::string_view)>& visit) {
    if (sdk::json::is_string(value)) visit(value);
    sdk::json::for_each_member(
        value, [&](std::string_view, std::string_view below) { each_string(below, visit); });
    sdk::json::for_each_element(value, [&](std::string_view below) { each_string(below, visit); });
}

}  // namespace

sdk::Result<bool> SetEdit::apply(std::string& text, sdk::MessageKind kind) const {
    bool changed = false;
    for (const auto& [pointer, value] : values_) {
        if (!fits(pointer, kind)) continue;
        auto made = pointer.set(text, value.fill(text));
        if (made.has_error()) return made.error();
        text = *std::move(made);
        changed = true;
    }
    return changed;
}

sdk::Result<bool> RemoveEdit::apply(std::string& text, sdk::MessageKind kind) const {
    const std::size_t before = text.size();
    for (const Pointer& pointer : pointers_)
        if (fits(pointer, kind)) text = pointer.remove(text);
    return text.size() != before;
}

sdk::Result<bool> ReplaceEdit::apply(std::string& text, sdk::MessageKind kind) const {
    if (!fits(at_, kind)) return false;
    std::string made;
    std::size_t copied = 0;
    each_string(at_.find(text), [&](std::string_view token) {
        std::string characters = sdk::json::unquote(token);
        if (RE2::GlobalReplace(&characters, *pattern_, with_) == 0) return;
        const auto begin = static_cast<std::size_t>(token.data() - text.data());
        made.append(text, copied, begin - copied).append(sdk::quote_json(characters));
        copied = begin + token.size();
    });
    if (copied == 0) return false;
    text = made.append(text, copied);
    return true;
}

sdk::Result<bool> edit_message(sdk::Message& message, const Edit& edit) {
    std::string text = message.bytes();
    const sdk::Result<bool> changed = edit.apply(text, message.kind());
    if (changed.has_error() || !*changed) return changed;
    const sdk::ParseLimits own_size(text.size(), kDeepestMessage);
    sdk::Result<sdk::Message> made = sdk::Message::parse(std::move(text), own_size);
    if (made.has_error()) return made.error().within("the changed message is refused");
    if (made->kind() != message.kind() || made->id() != message.id())
        return sdk::Error(sdk::ErrorCode::invalid_request,
                          "the changed message is refused: it would be of another kind or id");
    message = *std::move(made);
    return true;
}

}  // namespace shadowcat::intercept
