// SPDX-License-Identifier: Apache-2.0
// Puts line breaks between the tokens of a JSON text.
#include "cli/pretty_json.hpp"

#include <algorithm>

namespace shadowcat::tape {

namespace {

// Deeper levels are not indented further.
constexpr std::size_t kMaxIndent = 100;

bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class PrettyPrinter {
public:
    PrettyPrinter(std::string_view text, std::string_view indent) : text_(text), indent_(indent) {}

    std::string print() {
        out_ = indent_;
        while (at_ < text_.size())
            token(text_[at_]);
        return std::move(out_);
    }

private:
    void token(char c) {
        if (is_json_space(c)) {
            ++at_;
        } else if (c == '"') {
            string();
        } else if (c == '{' || c == '[') {
            open(c);
        } else if (c == '}' || c == ']') {
            close(c);
        } else {
            separator(c);
        }
    }

    void string() {
        const std::size_t begin = at_++;
        while (at_ < text_.size() && text_[at_] != '"')
            at_ += text_[at_] == '\\' ? 2 : 1;
        at_ = std::min(at_ + 1, text_.size());
        out_ += text_.substr(begin, at_ - begin);
    }

    void open(char c) {
        out_ += c;
        skip_space();
        const bool empty = at_ < text_.size() && (text_[at_] == '}' || text_[at_] == ']');
        if (empty) {
            out_ += text_[at_++];
        } else {
            ++depth_;
            new_line();
        }
    }

    void close(char c) {
        if (depth_ > 0) --depth_;
        new_line();
        out_ += c;
        ++at_;
    }

    void separator(char c) {
        out_ += c;
        ++at_;
        if (c == ':') out_ += ' ';
        if (c == ',') new_line();
    }

    void skip_space() {
        ++at_;
        while (at_ < text_.size() && is_json_space(text_[at_]))
            ++at_;
    }

    void new_line() {
        out_ += '\n';
        out_ += indent_;
        out_.append(2 * std::min(depth_, kMaxIndent), ' ');
    }

    std::string_view text_;
    std::string_view indent_;
    std::string out_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
};

}  // namespace

std::string pretty_json(std::string_view text, std::string_view indent) {
    return PrettyPrinter(text, indent).print();
}

}  // namespace shadowcat::tape
