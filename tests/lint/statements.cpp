// SPDX-License-Identifier: Apache-2.0
// The splitter: one pass over the tokens with a stack of what is open.
#include "statements.hpp"

#include "brackets.hpp"
#include "conditions.hpp"

#include <optional>
#include <utility>

namespace shadowcat::lint {
namespace {

enum class FrameKind { parenthesis, initializer, block, lambda_body };

struct Frame {
    FrameKind kind;
    std::size_t open;
    std::optional<Statement> interrupted;  ///< What goes on after a lambda's body.
};

class Splitter {
public:
    explicit Splitter(const std::vector<Token>& tokens) : tokens_(tokens), brackets_(tokens) {}

    std::vector<Statement> run() {
        for (index_ = 0; index_ < tokens_.size(); ++index_)
            step(tokens_[index_]);
        finish();
        return std::move(done_);
    }

private:
    void step(const Token& token) {
        if (token.is("{")) return open_brace();
        if (token.is("}")) return close_brace();
        add();
        if (token.is(";")) return finish();
        if (token.is("(")) return push(FrameKind::parenthesis);
        if (token.is("[")) return open_square();
        if (token.is(")") || token.is("]")) return close_parenthesis();
        if (token.is("co_await")) add_await();
        if (token.is(":") && follows_access_specifier()) finish();
    }

    void add() {
        const auto line = tokens_[index_].line;
        if (!current_) {
            current_.emplace();
            current_->begin = index_;
            current_->first_line = line;
        }
        current_->last_line = line;
    }

    void add_await() {
        current_->awaits = true;
        if (awaits_in_condition()) current_->conditions.push_back(index_);
    }

    bool awaits_in_condition() const {
        for (auto frame = frames_.rbegin(); frame != frames_.rend() && is_nested(*frame); ++frame) {
            if (in_condition(tokens_, brackets_, frame->open, index_)) return true;
        }
        return false;
    }

    void finish() {
        if (current_) done_.push_back(std::move(*current_));
        current_.reset();
    }

    void push(FrameKind kind) { frames_.push_back({kind, index_, std::nullopt}); }

    static bool is_nested(const Frame& frame) {
        return frame.kind == FrameKind::parenthesis || frame.kind == FrameKind::initializer;
    }

    void open_brace() {
        const auto begin = current_ ? current_->begin : index_;
        const bool nested = !frames_.empty() && is_nested(frames_.back());
        switch (brackets_.kind(index_, begin, nested)) {
            case BraceKind::initializer:
                add();
                current_->initializers.push_back(index_);
                return push(FrameKind::initializer);
            case BraceKind::lambda_body:
                push(FrameKind::lambda_body);
                frames_.back().interrupted = std::exchange(current_, std::nullopt);
                return;
            case BraceKind::block:
                finish();
                return push(FrameKind::block);
        }
    }

    void close_brace() {
        while (!frames_.empty() && frames_.back().kind == FrameKind::parenthesis)
            frames_.pop_back();
        if (frames_.empty()) return finish();
        auto frame = std::move(frames_.back());
        frames_.pop_back();
        if (frame.kind == FrameKind::initializer) return add();
        finish();
        current_ = std::move(frame.interrupted);
        if (current_) current_->last_line = tokens_[index_].line;
    }

    void open_square() {
        const bool lambda = brackets_.introduces_lambda(index_, current_->begin);
        if (lambda && brackets_.partner(index_) != index_ + 1) current_->captures.push_back(index_);
        push(FrameKind::parenthesis);
    }

    void close_parenthesis() {
        if (!frames_.empty() && frames_.back().kind == FrameKind::parenthesis) frames_.pop_back();
        if (tokens_[index_].is(")") && brackets_.closes_control_head(index_)) finish();
    }

    bool follows_access_specifier() const {
        if (index_ == 0) return false;
        const auto& before = tokens_[index_ - 1];
        return before.is("public") || before.is("protected") || before.is("private") ||
               before.is("default");
    }

    const std::vector<Token>& tokens_;
    Brackets brackets_;
    std::size_t index_ = 0;
    std::optional<Statement> current_;
    std::vector<Frame> frames_;
    std::vector<Statement> done_;
};

}  // namespace

std::vector<Statement> split_statements(const std::vector<Token>& tokens) {
    return Splitter(tokens).run();
}

}  // namespace shadowcat::lint
