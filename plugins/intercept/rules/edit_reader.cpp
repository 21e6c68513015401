// SPDX-License-Identifier: Apache-2.0
// Reads edits from a rules file.
#include "rules/edit.hpp"
#include "rules/scalar_json.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::intercept {

namespace {

/// What an edit may change: never the envelope that pairs requests with responses.
sdk::Result<Pointer> parse_target(const std::string& text) {
    auto pointer = Pointer::parse(text);
    if (pointer.has_error()) return pointer;
    constexpr std::array<std::string_view, 3> kFixed = {"", "id", "jsonrpc"};
    if (std::ranges::find(kFixed, pointer->first()) == kFixed.end()) return pointer;
    return sdk::Error(sdk::ErrorCode::config,
                      "the message itself, its id and jsonrpc can't be changed");
}

std::optional<Pointer> read_target(const NodeReader& reader) {
    const auto text = reader.text();
    if (!text) return std::nullopt;
    auto pointer = parse_target(*text);
    if (pointer.has_value()) return *std::move(pointer);
    reader.fail(pointer.error().message());
    return std::nullopt;
}

}  // namespace

std::unique_ptr<Edit> SetEdit::read(const NodeReader& reader) {
    auto edit = std::make_unique<SetEdit>();
    if (!reader.is_mapping()) return nullptr;
    if (reader.node().members.empty()) reader.fail("expected pointers and their values");
    for (const YamlMember& member : reader.node().members) {
        auto pointer = parse_target(member.key);
        if (pointer.has_error()) reader.fail_at(member, pointer.error().message());
        auto value = JsonTemplate::parse(json_of(member.value));
        if (value.has_error()) reader.of(member).fail(value.error().message());
        if (pointer.has_value() && value.has_value())
            edit->values_.emplace_back(*std::move(pointer), *std::move(value));
    }
    return edit;
}

std::unique_ptr<Edit> RemoveEdit::read(const NodeReader& reader) {
    auto edit = std::make_unique<RemoveEdit>();
    for (const NodeReader& each : reader.one_or_more()) {
        auto pointer = read_target(each);
        if (pointer) edit->pointers_.push_back(*std::move(pointer));
    }
    return edit;
}

std::unique_ptr<Edit> ReplaceEdit::read(const NodeReader& reader) {
    auto edit = std::make_unique<ReplaceEdit>();
    if (!reader.mapping_of({"pointer", "pattern", "with"})) return nullptr;
    const auto pointer = reader.need("pointer");
    const auto pattern = reader.need("pattern");
    const auto with = reader.need("with");
    if (!pointer || !pattern || !with) return nullptr;
    auto target = read_target(*pointer);
    const auto expression = pattern->text();
    const auto rewrite = with->text();
    if (!target || !expression || !rewrite) return nullptr;
    auto compiled = compile_expression(*expression);
    std::string why;
    if (compiled.has_error()) {
        pattern->fail(compiled.error().message());
    } else if (!(*compiled)->CheckRewriteString(*rewrite, &why)) {
        with->fail("not a replacement: " + why);
    } else {
        edit->pattern_ = *std::move(compiled);
    }
    edit->at_ = *std::move(target);
    edit->with_ = *rewrite;
    return edit;
}

}  // namespace shadowcat::intercept
