// SPDX-License-Identifier: Apache-2.0
// Changes made from the back, so that what is in front keeps its place.
#include "core/bridge/to_stateless/text_edits.hpp"

#include <algorithm>
#include <utility>

namespace shadowcat::core {

namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

/// The end of the text in front of `at`, white space skipped.
std::size_t back_over_space(std::string_view text, std::size_t at) {
    const std::size_t last = text.substr(0, at).find_last_not_of(kWhiteSpace);
    return last == std::string_view::npos ? 0 : last + 1;
}

/// Erases a member and one comma beside it, if there is one.
void erase_member(std::string& text, std::size_t begin, std::size_t size) {
    std::size_t end = text.find_first_not_of(kWhiteSpace, begin + size);
    if (end != std::string::npos && text[end] == ',') {
        end = std::min(text.find_first_not_of(kWhiteSpace, end + 1), text.size());
    } else {
        end = begin + size;
        const std::size_t before = back_over_space(text, begin);
        if (before > 0 && text[before - 1] == ',') begin = before - 1;
    }
    text.erase(begin, end - begin);
}

}  // namespace

void TextEdits::cut(std::string_view key, std::string_view value) {
    const std::size_t begin = offset_of(value);
    std::size_t at = back_over_space(text_, begin);
    if (at == 0 || text_[at - 1] != ':') return;
    at = back_over_space(text_, at - 1);
    const std::size_t size = key.size() + 2;
    if (at < size || text_.substr(at - size + 1, key.size()) != key) return;
    at -= size;
    edits_.emplace_back(Kind::cut, at, begin + value.size() - at, std::string());
}

void TextEdits::replace(std::string_view part, std::string replacement) {
    edits_.emplace_back(Kind::replace, offset_of(part), part.size(), std::move(replacement));
}

void TextEdits::add(std::string_view object, std::string member) {
    edits_.emplace_back(Kind::add, offset_of(object) + 1, 0, std::move(member));
}

void TextEdits::make(const Edit& edit, std::string& text) {
    switch (edit.kind) {
        case Kind::cut:
            return erase_member(text, edit.offset, edit.size);
        case Kind::replace:
            text.replace(edit.offset, edit.size, edit.text);
            return;
        case Kind::add: {
            const bool alone = text[text.find_first_not_of(kWhiteSpace, edit.offset)] == '}';
            text.insert(edit.offset, edit.text + (alone ? "" : ","));
        }
    }
}

std::string TextEdits::apply() {
    std::ranges::stable_sort(edits_, std::ranges::greater(), &Edit::offset);
    std::string text(text_);
    for (const Edit& edit : edits_)
        make(edit, text);
    return text;
}

}  // namespace shadowcat::core
