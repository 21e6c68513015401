// SPDX-License-Identifier: Apache-2.0
// Tells the three forms apart.
#include "rules/text_pattern.hpp"

namespace shadowcat::intercept {

namespace {

bool is_expression(const std::string& text) {
    return text.size() > 2 && text.front() == '/' &&
           (text.back() == '/' || (text.size() > 3 && text.ends_with("/i")));
}

/// `a*b?` as `\A(?s:a.*b.)\z`.
std::string expression_of_glob(const std::string& glob) {
    std::string expression = "\\A(?s:";
    for (std::size_t at = 0; at < glob.size();) {
        const std::size_t end = std::min(glob.find_first_of("*?", at), glob.size());
        expression += RE2::QuoteMeta(glob.substr(at, end - at));
        if (end < glob.size()) expression += glob[end] == '*' ? ".*" : ".";
        at = end + 1;
    }
    return expression + ")\\z";
}

}  // namespace

sdk::Result<std::shared_ptr<const RE2>> compile_expression(const std::string& expression,
                                                           bool case_sensitive) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_case_sensitive(case_sensitive);
    auto compiled = std::make_shared<const RE2>(expression, options);
    if (compiled->ok()) return compiled;
    return sdk::Error(sdk::ErrorCode::config, "not a regular expression: " + compiled->error());
}

sdk::Result<TextPattern> TextPattern::parse(const std::string& text) {
    TextPattern pattern;
    pattern.text_ = text;
    const bool glob = text.find_first_of("*?") != std::string::npos;
    if (!is_expression(text) && !glob) return pattern;
    const bool fold = is_expression(text) && text.back() == 'i';
    const std::string expression = is_expression(text)
                                       ? text.substr(1, text.size() - (fold ? 3 : 2))
                                       : expression_of_glob(text);
    auto compiled = compile_expression(expression, !fold);
    if (compiled.has_error()) return compiled.error();
    pattern.expression_ = *std::move(compiled);
    return pattern;
}

bool TextPattern::matches(std::string_view text) const {
    if (!expression_) return text == text_;
    return RE2::PartialMatch(piece_of(text), *expression_);
}

}  // namespace shadowcat::intercept
