// SPDX-License-Identifier: Apache-2.0
// Goes over the text token by token.
#include "cli/json_layout.hpp"

namespace shadowcat::intercept {

namespace {

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Where the string that begins at `at` ends.
std::size_t end_of_text(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

std::size_t skip_white(std::string_view text, std::size_t at) {
    while (at < text.size() && is_white(text[at]))
        ++at;
    return at;
}

class Spreading {
public:
    explicit Spreading(std::string_view text) : text_(text) {}

    std::string all() {
        for (std::size_t at = skip_white(text_, 0); at < text_.size(); at = skip_white(text_, at))
            at = step(at);
        return std::move(out_);
    }

private:
    /// Writes the token at `at`; gives where the next one may be.
    std::size_t step(std::size_t at) {
        const char c = text_[at];
        if (c == '"') {
            const std::size_t end = end_of_text(text_, at);
            out_ += text_.substr(at, end - at);
            return end;
        }
        if (c == '{' || c == '[') return open(at);
        if (c == '}' || c == ']') {
            if (depth_ > 0) --depth_;
            begin_line();
        }
        out_ += c;
        if (c == ',') begin_line();
        if (c == ':') out_ += ' ';
        return at + 1;
    }

    /// Nothing inside: on the same line.
    std::size_t open(std::size_t at) {
        const char closing = text_[at] == '{' ? '}' : ']';
        out_ += text_[at];
        const std::size_t next = skip_white(text_, at + 1);
        if (next < text_.size() && text_[next] == closing) {
            out_ += closing;
            return next + 1;
        }
        ++depth_;
        begin_line();
        return next;
    }

    void begin_line() {
        out_ += '\n';
        out_.append(2 * depth_, ' ');
    }

    std::string_view text_;
    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace

std::string spread_json(std::string_view text) { return Spreading(text).all(); }

std::string compact_json(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = skip_white(text, 0); at < text.size(); at = skip_white(text, at)) {
        const std::size_t end = text[at] == '"' ? end_of_text(text, at) : at + 1;
        out += text.substr(at, end - at);
        at = end;
    }
    return out;
}

}  // namespace shadowcat::intercept
