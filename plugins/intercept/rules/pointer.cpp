// SPDX-License-Identifier: Apache-2.0
// Walks along a pointer; cuts and pastes at its end.
#include "rules/pointer.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace shadowcat::intercept {

namespace {

namespace json = sdk::json;

/// Where a child stands in the text of what holds it, with what is around it.
class Child {
public:
    std::string_view value;
    std::size_t cut_begin = 0, cut_end = 0;  // what to cut so that it is gone, comma included
};

std::optional<std::size_t> index_of(std::string_view key) {
    std::size_t index = 0;
    const auto [stop, failed] = std::from_chars(key.data(), key.data() + key.size(), index);
    const bool leading_zero = key.size() > 1 && key.front() == '0';
    if (failed != std::errc() || stop != key.data() + key.size() || leading_zero)
        return std::nullopt;
    return index;
}

/// Follows the children of one object or array, to know where each begins and ends.
class ChildWalk {
public:
    explicit ChildWalk(std::string_view whole) : whole_(whole) {}

    /// `wanted` is remembered when `found`.
    void pass(std::string_view value, bool found) {
        const std::size_t begin = static_cast<std::size_t>(value.data() - whole_.data());
        if (pending_) child_.cut_end = whole_.find(',', last_end_) + 1;  // that follows the first
        pending_ = found && count_ == 0;
        if (found) {
            child_.value = value;
            child_.cut_begin = count_ == 0 ? 1 : last_end_;
            child_.cut_end = begin + value.size();
            is_there_ = true;
        }
        last_end_ = begin + value.size();
        ++count_;
    }

    std::size_t count() const noexcept { return count_; }
    std::optional<Child> child() const { return is_there_ ? std::optional(child_) : std::nullopt; }

private:
    std::string_view whole_;
    Child child_;
    bool is_there_ = false, pending_ = false;
    std::size_t count_ = 0, last_end_ = 1;
};

ChildWalk walk_children(std::string_view whole, const std::string& key) {
    ChildWalk walk(whole);
    if (json::is_object(whole)) {
        json::for_each_member(whole, [&](std::string_view each, std::string_view value) {
            walk.pass(value, each == key);
        });
    } else if (json::is_array(whole)) {
        const std::optional<std::size_t> index = index_of(key);
        json::for_each_element(
            whole, [&](std::string_view value) { walk.pass(value, walk.count() == index); });
    }
    return walk;
}

std::optional<Child> child_of(std::string_view whole, const std::string& key) {
    return walk_children(whole, key).child();
}

std::string spliced(std::string_view text, std::size_t begin, std::size_t end,
                    std::string_view with) {
    std::string made(text.substr(0, begin));
    made.append(with).append(text.substr(end));
    return made;
}

/// `array` with `value` behind its last element.
std::string appended(std::string_view array, std::string_view value, bool empty) {
    const std::size_t bracket = array.rfind(']');
    std::size_t at = array.find_last_not_of(" \t\r\n", bracket - 1) + 1;
    if (empty) at = 1;
    return spliced(array, at, at, (empty ? "" : ",") + std::string(value));
}

}  // namespace

sdk::Result<Pointer> Pointer::parse(const std::string& text) {
    Pointer pointer;
    pointer.text_ = text;
    if (!text.empty() && text.front() != '/')
        return sdk::Error(sdk::ErrorCode::config, "a JSON pointer begins with /");
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '/') {
            pointer.keys_.emplace_back();
        } else if (text[i] != '~') {
            pointer.keys_.back() += text[i];
        } else if (i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')) {
            pointer.keys_.back() += text[++i] == '0' ? '~' : '/';
        } else {
            return sdk::Error(sdk::ErrorCode::config,
                              "in a JSON pointer ~ is written ~0 (and / in a key ~1)");
        }
    }
    return pointer;
}

/// How many keys lead to something that is there: `value`.
std::size_t Pointer::walk(std::string_view json, std::string_view& value) const {
    const std::size_t begin = json.find_first_not_of(" \t\r\n");
    value = json.substr(std::min(begin, json.size()));
    std::size_t depth = 0;
    for (; depth < keys_.size(); ++depth) {
        const std::optional<Child> next = child_of(value, keys_[depth]);
        if (!next) break;
        value = next->value;
    }
    return depth;
}

std::string_view Pointer::find(std::string_view json) const {
    std::string_view value;
    return walk(json, value) == keys_.size() ? value : std::string_view();
}

sdk::Result<std::string> Pointer::set(std::string_view json, std::string_view value) const {
    std::string_view deepest;
    const std::size_t depth = walk(json, deepest);
    const auto begin = static_cast<std::size_t>(deepest.data() - json.data());
    const auto paste = [&](std::string_view with) {
        return spliced(json, begin, begin + deepest.size(), with);
    };
    if (depth == keys_.size()) return paste(value);
    std::string made(value);
    for (std::size_t i = keys_.size(); i-- > depth + 1;)
        made = "{" + sdk::quote_json(keys_[i]) + ":" + made + "}";
    const std::string& key = keys_[depth];
    if (json::is_object(deepest)) return paste(json::with_member(deepest, key, made));
    const sdk::ErrorCode code = sdk::ErrorCode::unsupported;
    if (!json::is_array(deepest))
        return sdk::Error(code, text_ + ": leads through a value that is no object or array");
    const std::size_t length = walk_children(deepest, key).count();
    if (key != "-" && index_of(key) != length)
        return sdk::Error(code, text_ + ": the array has no such place");
    return paste(appended(deepest, made, length == 0));
}

std::string Pointer::remove(std::string_view json) const {
    std::string text(json);
    if (keys_.empty()) return text;
    Pointer above;
    above.keys_.assign(keys_.begin(), keys_.end() - 1);
    for (;;) {  // a key may stand there twice
        const std::string_view holder = above.find(text);
        const std::optional<Child> child = child_of(holder, keys_.back());
        if (!child) return text;
        const auto begin = static_cast<std::size_t>(holder.data() - text.data());
        text = spliced(text, begin + child->cut_begin, begin + child->cut_end, "");
        if (json::is_array(std::string_view(text).substr(begin))) return text;
    }
}

}  // namespace shadowcat::intercept
