// SPDX-License-Identifier: Apache-2.0
// Cuts templates into pieces once, and puts them together for each message.
#include "rules/json_template.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::intercept {

namespace {

constexpr std::string_view kOpen = "${/";

std::size_t template_string_end(std::string_view json, std::size_t quote) {
    std::size_t at = quote + 1;
    while (json[at] != '"')
        at += json[at] == '\\' ? 2 : 1;
    return at + 1;
}

/// `value` as a piece of a string token, without quotes.
std::string inner_text(std::string_view value) {
    if (sdk::json::is_string(value)) return std::string(value.substr(1, value.size() - 2));
    const std::string quoted = sdk::quote_json(value);
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

sdk::Result<JsonTemplate> JsonTemplate::parse(const std::string& json) {
    JsonTemplate made;
    std::size_t at = 0;
    while (at < json.size()) {
        const std::size_t quote = std::min(json.find('"', at), json.size());
        made.add_text(std::string_view(json).substr(at, quote - at));
        if (quote == json.size()) break;
        at = template_string_end(json, quote);
        const std::string_view token = std::string_view(json).substr(quote, at - quote);
        if (at < json.size() && json[at] == ':') {
            made.add_text(token);
        } else if (auto taken = made.take_string(token); taken.has_error()) {
            return taken.error();
        }
    }
    return made;
}

sdk::Result<void> JsonTemplate::take_string(std::string_view token) {
    const std::size_t close = token.find('}');
    const bool alone = token.substr(1).starts_with(kOpen) && close + 2 == token.size();
    if (alone) return add_pointer(Kind::value, token.substr(3, close - 3));
    for (std::size_t open = token.find(kOpen); open != std::string_view::npos;
         open = token.find(kOpen)) {
        if (open > 0 && token[open - 1] == '$') {
            add_text(token.substr(0, open - 1));
            add_text(kOpen);
            token.remove_prefix(open + kOpen.size());
            continue;
        }
        const std::size_t end = token.find('}', open);
        if (end == std::string_view::npos)
            return sdk::Error(sdk::ErrorCode::config, "a ${/ has no closing }");
        add_text(token.substr(0, open));
        auto added = add_pointer(Kind::part_of_string, token.substr(open + 2, end - open - 2));
        if (added.has_error()) return added;
        token.remove_prefix(end + 1);
    }
    add_text(token);
    return {};
}

sdk::Result<void> JsonTemplate::add_pointer(Kind kind, std::string_view escaped) {
    auto pointer = Pointer::parse(sdk::json::unquote("\"" + std::string(escaped) + "\""));
    if (pointer.has_error()) return pointer.error();
    Piece piece;
    piece.kind = kind;
    piece.pointer = *std::move(pointer);
    pieces_.push_back(std::move(piece));
    return {};
}

void JsonTemplate::add_text(std::string_view text) {
    if (pieces_.empty() || pieces_.back().kind != Kind::text) pieces_.emplace_back();
    pieces_.back().text += text;
}

std::string JsonTemplate::fill(std::string_view message) const {
    std::string made;
    for (const Piece& piece : pieces_) {
        if (piece.kind == Kind::text) {
            made += piece.text;
            continue;
        }
        const std::string_view value = piece.pointer.find(message);
        if (piece.kind == Kind::value) {
            made += value.empty() ? std::string_view("null") : value;
        } else if (!value.empty()) {
            made += inner_text(value);
        }
    }
    return made;
}

}  // namespace shadowcat::intercept
