// SPDX-License-Identifier: Apache-2.0
// A scanner with one function for each kind of quoting.
#include "core/cli/shell_split.hpp"

#include <optional>
#include <string_view>

namespace shadowcat::core {

namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool is_assignment(std::string_view word) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string_view::npos) return false;
    if (word[0] >= '0' && word[0] <= '9') return false;
    return word.substr(0, equals).find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "abcdefghijklmnopqrstuvwxyz_0123456789") == std::string_view::npos;
}

class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {}

    sdk::Result<std::vector<std::string>> split() {
        while (at_ < text_.size() && error_.empty())
            step();
        if (error_.empty()) end_word();
        if (!error_.empty()) return sdk::Error(sdk::ErrorCode::config, error_);
        return std::move(words_);
    }

private:
    void step() {
        const char c = text_[at_];
        if (c == '\'') return single_quoted();
        if (c == '"') return double_quoted();
        if (c == '\\') return escaped();
        if (c == ' ' || c == '\t') {
            end_word();
            ++at_;
            return;
        }
        if (is_special(c)) return refuse(c);
        take(c);
    }

    bool is_special(char c) const {
        if (std::string_view("|&;<>()$`*?[\r\n").find(c) != std::string_view::npos) return true;
        return !word_ && (c == '~' || c == '#');
    }

    void take(char c) {
        if (!word_) word_.emplace();
        *word_ += c;
        ++at_;
    }

    void end_word() {
        if (!word_) return;
        if (words_.empty() && !quoted_ && is_assignment(*word_)) {
            error_ = "'" + *word_ +
                     "' would set a variable in a shell, but no shell is run: write " + "env " +
                     *word_ + " COMMAND";
        }
        words_.push_back(*std::move(word_));
        word_.reset();
        quoted_ = false;
    }

    void refuse(char c) {
        const std::string shown =
            c == '\n' || c == '\r' ? "a line break" : std::string("'") + c + "'";
        error_ =
            shown + " at column " + std::to_string(at_ + 1) +
            " is special to a shell, but no shell is run: quote it if it is meant literally, or "
            "run a shell yourself: sh -c '…'";
    }

    void begin_quote() {
        if (!word_) word_.emplace();
        quoted_ = true;
    }

    void unterminated(const char* what, std::size_t start) {
        error_ = std::string(what) + " at column " + std::to_string(start + 1) + " is never closed";
    }

    void single_quoted() {
        const std::size_t start = at_;
        begin_quote();
        const std::size_t end = text_.find('\'', start + 1);
        if (end == std::string_view::npos) return unterminated("the quote '", start);
        word_->append(text_.substr(start + 1, end - start - 1));
        at_ = end + 1;
    }

    void double_quoted() {
        const std::size_t start = at_++;
        begin_quote();
        while (at_ < text_.size() && text_[at_] != '"') {
            const char c = text_[at_];
            if (c == '$' || c == '`') return refuse(c);
            if (c == '\\' && at_ + 1 < text_.size() && quotable(text_[at_ + 1])) {
                ++at_;
                if (text_[at_] == '\n') {
                    ++at_;
                    continue;
                }
            }
            take(text_[at_]);
        }
        if (at_ == text_.size()) return unterminated("the quote \"", start);
        ++at_;
    }

    // What a backslash quotes inside double quotes; before anything else it stands for itself.
    static bool quotable(char c) {
        return std::string_view("$`\"\\\n").find(c) != std::string_view::npos;
    }

    void escaped() {
        if (at_ + 1 == text_.size()) {
            error_ = "the backslash at the end quotes nothing";
            return;
        }
        ++at_;
        if (text_[at_] == '\n') {
            ++at_;
            return;
        }
        begin_quote();
        take(text_[at_]);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::optional<std::string> word_;  // the one being read; `''` is a word too
    bool quoted_ = false;
    std::vector<std::string> words_;
    std::string error_;
};

}  // namespace

sdk::Result<std::vector<std::string>> shell_split(const std::string& line) {
    return Splitter(trimmed(line)).split();
}

}  // namespace shadowcat::core
