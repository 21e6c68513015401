// SPDX-License-Identifier: Apache-2.0
// Cuts the interesting part out of a message.
#include "cli/message_excerpt.hpp"

#include "shadowcat/sdk/json_edit.hpp"

namespace shadowcat::tape {

namespace {

using sdk::MessageKind;

std::string params_excerpt(const TapeLine& frame) {
    const std::string_view params = sdk::json::member(frame.message, "params");
    if (frame.method == "tools/call" || frame.method == "prompts/get")
        return std::string(sdk::json::member(params, "arguments"));
    if (!sdk::json::is_object(params)) return std::string(params);
    std::string text = sdk::json::without_members(params, {"_meta"});
    return text == "{}" ? "" : text;
}

}  // namespace

bool is_sound(const TapeLine& frame) { return sdk::Message::parse(frame.message).has_value(); }

std::string message_excerpt(const TapeLine& frame) {
    if (!is_sound(frame)) return frame.message;
    switch (frame.message_kind) {
        case MessageKind::result:
            return std::string(sdk::json::member(frame.message, "result"));
        case MessageKind::error:
            return std::string(sdk::json::member(frame.message, "error"));
        case MessageKind::request:
        case MessageKind::notification:
            break;
    }
    return params_excerpt(frame);
}

bool tells_an_error(const TapeLine& frame) {
    if (frame.message_kind == MessageKind::error) return true;
    return frame.message_kind == MessageKind::result && is_sound(frame) &&
           sdk::json::at(frame.message, {"result", "isError"}) == "true";
}

}  // namespace shadowcat::tape
