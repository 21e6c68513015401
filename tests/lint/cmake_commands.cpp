// SPDX-License-Identifier: Apache-2.0
// A word-by-word reader: comments go, quotes hold together, parentheses delimit.
#include "cmake_commands.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace shadowcat::lint {
namespace {

class Reader {
public:
    explicit Reader(std::string_view source) : source_(source) {}

    std::vector<CMakeCommand> run() {
        while (position_ < source_.size())
            step();
        end_word();
        return std::move(commands_);
    }

private:
    void step() {
        const char c = source_[position_];
        if (c == '#') return skip_comment();
        ++position_;
        if (c == '"') return quoted();
        if (c == '(') return open();
        if (c == ')') return close();
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            end_word();
            if (c == '\n') ++line_;
            return;
        }
        word_ += c;
    }

    void skip_comment() {
        end_word();
        position_ = std::min(source_.find('\n', position_), source_.size());
    }

    void quoted() {
        for (; position_ < source_.size() && source_[position_] != '"'; ++position_) {
            if (source_[position_] == '\n') ++line_;
            if (source_[position_] == '\\' && position_ + 1 < source_.size()) ++position_;
            word_ += source_[position_];
        }
        if (position_ < source_.size()) ++position_;
    }

    void open() {
        if (depth_++ > 0) return end_word();
        commands_.push_back({word_.empty() ? std::exchange(name_, "") : word_, {}});
        word_.clear();
    }

    void close() {
        end_word();
        if (depth_ > 0) --depth_;
    }

    void end_word() {
        if (word_.empty()) return;
        if (depth_ > 0) {
            commands_.back().arguments.push_back({word_, line_});
        } else {
            name_ = word_;
        }
        word_.clear();
    }

    std::string_view source_;
    std::size_t position_ = 0;
    std::size_t line_ = 1;
    int depth_ = 0;
    std::string word_;
    std::string name_;
    std::vector<CMakeCommand> commands_;
};

}  // namespace

std::vector<CMakeCommand> cmake_commands(std::string_view source) { return Reader(source).run(); }

}  // namespace shadowcat::lint
