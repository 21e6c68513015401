// SPDX-License-Identifier: Apache-2.0
// A cursor that steps over JSON values, and what can be built with it.
#include "shadowcat/sdk/json_edit.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shadowcat::sdk::inline v1::json {

namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Stays within the text whatever it holds.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) { skip_space(); }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    std::size_t position() const { return at_; }

    /// Steps over `c` and the white space behind it; false when something else is here.
    bool take(char c) {
        if (peek() != c) return false;
        ++at_;
        skip_space();
        return true;
    }

    /// Steps over one value and gives it.
    std::string_view value() {
        const std::size_t begin = at_;
        if (peek() == '"') {
            at_ = end_of_string(at_);
        } else if (peek() == '{' || peek() == '[') {
            skip_nested();
        } else {
            while (at_ < text_.size() && !is_space(peek()) && !ends_scalar(peek()))
                ++at_;
        }
        const std::string_view taken = text_.substr(begin, at_ - begin);
        skip_space();
        return taken;
    }

private:
    static bool ends_scalar(char c) { return c == ',' || c == '}' || c == ']' || c == ':'; }

    void skip_space() {
        while (at_ < text_.size() && is_space(text_[at_]))
            ++at_;
    }

    /// Where the string that begins at `at` ends. Only its quotes are looked at: that is quick.
    std::size_t end_of_string(std::size_t at) const {
        for (std::size_t quote = text_.find('"', at + 1); quote != std::string_view::npos;
             quote = text_.find('"', quote + 1)) {
            std::size_t escapes = 0;
            while (text_[quote - escapes - 1] == '\\')
                ++escapes;
            if (escapes % 2 == 0) return quote + 1;
        }
        return text_.size();
    }

    void skip_nested() {
        std::size_t at = at_;
        std::size_t depth = 0;
        do {
            const char c = text_[at];
            const auto folded = static_cast<char>(c | 0x20);  // [ onto {, ] onto }
            depth += folded == '{';
            depth -= folded == '}';
            at = c == '"' ? end_of_string(at) : at + 1;
        } while (depth != 0 && at < text_.size());
        at_ = at;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// One member as it stands in the text.
class Member {
public:
    std::string_view key;  // with its quotes
    std::string_view value;
};

/// Calls `visit`, which says whether to go on, with each member.
template <typename Visit>
void walk_members(std::string_view object, Visit visit) {
    Cursor cursor(object);
    if (!cursor.take('{')) return;
    while (cursor.peek() == '"') {
        Member member;
        member.key = cursor.value();
        if (!cursor.take(':')) return;
        member.value = cursor.value();
        if (!visit(member) || !cursor.take(',')) return;
    }
}

bool names(std::string_view token, std::string_view key) {
    if (token.find('\\') != std::string_view::npos) return unquote(token) == key;
    return token.size() >= 2 && token.substr(1, token.size() - 2) == key;
}

std::string quoted(std::string_view key) {
    return nlohmann::json(key).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string_view member(std::string_view object, std::string_view key) {
    std::string_view found;
    walk_members(object, [&](const Member& each) {
        if (names(each.key, key)) found = each.value;
        return found.empty();
    });
    return found;
}

std::string_view at(std::string_view object, std::initializer_list<std::string_view> keys) {
    std::string_view value = object;
    for (const std::string_view key : keys)
        value = member(value, key);
    return value;
}

void for_each_member(
    std::string_view object,
    const std::function<void(std::string_view key, std::string_view value)>& visit) {
    walk_members(object, [&](const Member& each) {
        visit(unquote(each.key), each.value);
        return true;
    });
}

void for_each_element(std::string_view array,
                      const std::function<void(std::string_view element)>& visit) {
    Cursor cursor(array);
    if (!cursor.take('[') || cursor.peek() == ']') return;
    do {
        const std::string_view element = cursor.value();
        if (element.empty()) return;
        visit(element);
    } while (cursor.take(','));
}

std::string with_member(std::string_view object, std::string_view key, std::string_view value) {
    if (!is_object(object)) return "{" + quoted(key) + ":" + std::string(value) + "}";
    const std::string_view old = member(object, key);
    std::string text(object);
    if (!old.empty()) {
        text.replace(static_cast<std::size_t>(old.data() - object.data()), old.size(), value);
        return text;
    }
    const std::size_t brace = text.rfind('}');
    const std::size_t before = text.find_last_not_of(" \t\r\n", brace - 1);
    const std::string comma = text[before] == '{' ? "" : ",";
    text.insert(before + 1, comma + quoted(key) + ":" + std::string(value));
    return text;
}

std::string without_members(std::string_view object, std::initializer_list<std::string_view> keys) {
    if (!is_object(object)) return std::string(object);
    std::string text = "{";
    walk_members(object, [&](const Member& each) {
        const bool unwanted =
            std::ranges::any_of(keys, [&](std::string_view key) { return names(each.key, key); });
        if (unwanted) return true;
        if (text.size() > 1) text += ',';
        text.append(each.key).append(":").append(each.value);
        return true;
    });
    return text += '}';
}

std::string unquote(std::string_view token) {
    if (!is_string(token) || token.size() < 2) return {};
    if (token.find('\\') == std::string_view::npos) {
        return std::string(token.substr(1, token.size() - 2));
    }
    const auto parsed = nlohmann::json::parse(token, nullptr, false);
    return parsed.is_string() ? parsed.get<std::string>() : std::string();
}

}  // namespace shadowcat::sdk::inline v1::json
