// SPDX-License-Identifier: Apache-2.0
// The tokenizer: one function per kind of token, each starting at the current character.
#include "tokens.hpp"

#include <algorithm>
#include <string>

namespace shadowcat::lint {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

bool opens_raw_string(std::string_view prefix) {
    return prefix == "R" || prefix == "u8R" || prefix == "uR" || prefix == "UR" || prefix == "LR";
}

class Tokenizer {
public:
    explicit Tokenizer(std::string_view source) : source_(source) {}

    TokenStream run() {
        while (position_ < source_.size())
            step();
        end_define();
        return std::move(result_);
    }

private:
    char at(std::size_t offset) const {
        return position_ + offset < source_.size() ? source_[position_ + offset] : '\0';
    }

    bool ahead(std::string_view text) const {
        return source_.substr(position_, text.size()) == text;
    }

    void step() {
        const char c = at(0);
        if (c == '\n') return new_line();
        if (is_blank(c)) return advance(1);
        if (ahead("\\\n")) return continued_line(2);
        if (ahead("\\\r\n")) return continued_line(3);
        if (ahead("//")) return line_comment();
        if (ahead("/*")) return block_comment();
        if (c == '#' && line_is_blank_ && !in_define_) return directive();
        line_is_blank_ = false;
        if (c == '"') return quoted('"');
        if (c == '\'') return quoted('\'');
        if (is_digit(c) || (c == '.' && is_digit(at(1)))) return number();
        if (is_word(c)) return word();
        punctuation();
    }

    void advance(std::size_t count) {
        const auto end = std::min(position_ + count, source_.size());
        line_ += static_cast<std::size_t>(
            std::count(source_.begin() + position_, source_.begin() + end, '\n'));
        position_ = end;
    }

    /// Length from here to the end of `mark`, or to the end of the source.
    std::size_t through(std::string_view mark, std::size_t from = 0) const {
        const auto found = source_.find(mark, position_ + from);
        return (found == std::string_view::npos ? source_.size() : found + mark.size()) - position_;
    }

    void emit(TokenKind kind, std::size_t length) {
        result_.tokens.push_back({kind, source_.substr(position_, length), line_});
        advance(length);
    }

    void new_line() {
        advance(1);
        line_is_blank_ = true;
        end_define();
    }

    void continued_line(std::size_t length) { advance(length); }

    void boundary() { result_.tokens.push_back({TokenKind::punctuation, ";", line_}); }

    void end_define() {
        if (in_define_) boundary();
        in_define_ = false;
    }

    void line_comment() {
        auto length = through("\n");
        if (source_[position_ + length - 1] == '\n') --length;
        comment(length);
    }

    void block_comment() { comment(through("*/", 2)); }

    void comment(std::size_t length) {
        result_.comments.push_back({source_.substr(position_, length), line_, line_is_blank_});
        advance(length);
    }

    void directive() {
        advance(1);
        while (is_blank(at(0)))
            advance(1);
        if (ahead("define")) {
            boundary();
            in_define_ = true;
            line_is_blank_ = false;
            return advance(6);
        }
        if (ahead("include")) include();
        skip_directive();
    }

    void include() {
        const auto rest = source_.substr(position_, through("\n"));
        const auto open = rest.find_first_of("<\"");
        if (open == std::string_view::npos) return;
        const auto close = rest.find(rest[open] == '<' ? '>' : '"', open + 1);
        if (close == std::string_view::npos) return;
        result_.includes.push_back({rest.substr(open + 1, close - open - 1), line_});
    }

    void skip_directive() {
        while (position_ < source_.size() && at(0) != '\n') {
            if (ahead("//")) return line_comment();
            if (ahead("/*")) {
                block_comment();
            } else {
                advance(ahead("\\\n") ? 2 : ahead("\\\r\n") ? 3 : 1);
            }
        }
    }

    void quoted(char mark) {
        std::size_t length = 1;
        while (at(length) != mark && at(length) != '\n' && position_ + length < source_.size()) {
            length += at(length) == '\\' ? 2 : 1;
        }
        emit(TokenKind::literal, at(length) == mark ? length + 1 : length);
    }

    void number() {
        std::size_t length = 1;
        while (is_word(at(length)) || at(length) == '.' ||
               (at(length) == '\'' && is_word(at(length + 1)))) {
            ++length;
        }
        emit(TokenKind::number, length);
    }

    void word() {
        std::size_t length = 1;
        while (is_word(at(length)))
            ++length;
        if (at(length) == '"' && opens_raw_string(source_.substr(position_, length))) {
            return raw_string(length);
        }
        emit(TokenKind::word, length);
    }

    void raw_string(std::size_t prefix) {
        const auto open = source_.find('(', position_ + prefix);
        if (open == std::string_view::npos) return emit(TokenKind::literal, prefix + 1);
        const auto first = position_ + prefix + 1;
        const auto delimiter = source_.substr(first, open - first);
        emit(TokenKind::literal, through(")" + std::string(delimiter) + "\"", prefix));
    }

    void punctuation() { emit(TokenKind::punctuation, ahead("::") || ahead("->") ? 2 : 1); }

    std::string_view source_;
    std::size_t position_ = 0;
    std::size_t line_ = 1;
    bool line_is_blank_ = true;
    bool in_define_ = false;
    TokenStream result_;
};

}  // namespace

TokenStream tokenize(std::string_view source) { return Tokenizer(source).run(); }

}  // namespace shadowcat::lint
