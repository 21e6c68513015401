// SPDX-License-Identifier: Apache-2.0
// Parses pointers and follows them.
#include "record/pointer.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include <algorithm>
#include <stdexcept>

namespace shadowcat::tape {

namespace {

[[noreturn]] void refuse_pointer(const std::string& text, const std::string& why) {
    throw std::invalid_argument("redact.pointers: \"" + text + "\" " + why);
}

std::string step_of(std::string_view escaped, const std::string& text) {
    std::string step;
    for (std::size_t at = 0; at < escaped.size(); ++at) {
        if (escaped[at] != '~') {
            step += escaped[at];
            continue;
        }
        const char code = ++at < escaped.size() ? escaped[at] : '\0';
        if (code != '0' && code != '1') refuse_pointer(text, "has a ~ that is neither ~0 nor ~1");
        step += code == '0' ? '~' : '/';
    }
    return step;
}

}  // namespace

Pointer::Pointer(const std::string& text) {
    if (!text.starts_with('/')) refuse_pointer(text, "doesn't begin with /");
    for (std::size_t begin = 1; begin <= text.size();) {
        const std::size_t end = std::min(text.find('/', begin), text.size());
        steps_.push_back(step_of(std::string_view(text).substr(begin, end - begin), text));
        begin = end + 1;
    }
    const std::string& first = steps_.front();
    const bool known = first == "params" || first == "result" || first == "error";
    if (!known || steps_.size() < 2)
        refuse_pointer(text, "doesn't lead into /params/…, /result/… or /error/…");
}

void Pointer::descend(std::string_view value, std::size_t depth,
                      const std::function<void(std::string_view)>& visit) const {
    if (depth == steps_.size()) return visit(value);
    const std::string& step = steps_[depth];
    const bool any = step == "*";
    sdk::json::for_each_member(value, [&](std::string_view key, std::string_view member) {
        if (any || key == step) descend(member, depth + 1, visit);
    });
    std::size_t index = 0;
    sdk::json::for_each_element(value, [&](std::string_view element) {
        if (any || std::to_string(index) == step) descend(element, depth + 1, visit);
        ++index;
    });
}

}  // namespace shadowcat::tape
