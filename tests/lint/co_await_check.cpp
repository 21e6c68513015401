// SPDX-License-Identifier: Apache-2.0
// Looks through the statements with co_await and settles what a comment allows.
#include "co_await_check.hpp"

#include "statements.hpp"
#include "tokens.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace shadowcat::lint {
namespace {

constexpr std::string_view kAllow = "// lint: co_await-ok";
constexpr std::string_view kAdvice =
    " in a statement with co_await: GCC 12 may destroy it twice; name the object in a statement "
    "before and std::move it in";
constexpr std::string_view kConditionAdvice =
    "co_await in a condition: GCC 12 may lay out the coroutine's frame wrongly; name the result in "
    "a variable first";

struct Allowance {
    std::size_t line;
    bool alone;
    bool has_reason;
    bool used = false;

    bool covers(const Statement& statement) const {
        if (alone && line + 1 == statement.first_line) return true;
        return line >= statement.first_line && line <= statement.last_line;
    }
};

std::vector<Allowance> allowances_in(const std::vector<Comment>& comments) {
    std::vector<Allowance> result;
    for (const auto& comment : comments) {
        if (!comment.text.starts_with(kAllow)) continue;
        const auto reason = comment.text.substr(kAllow.size());
        const bool has_reason = reason.find_first_not_of(" \t\r:") != std::string_view::npos;
        result.push_back({comment.line, comment.alone, has_reason});
    }
    return result;
}

class CoAwaitCheck {
public:
    CoAwaitCheck(const std::string& file, std::string_view source)
        : file_(file), stream_(tokenize(source)), allowances_(allowances_in(stream_.comments)) {}

    Findings run() {
        for (const auto& statement : split_statements(stream_.tokens)) {
            if (statement.awaits) judge(statement);
        }
        for (const auto& allowance : allowances_)
            judge(allowance);
        std::stable_sort(findings_.begin(), findings_.end(),
                         [](const auto& a, const auto& b) { return a.line < b.line; });
        return std::move(findings_);
    }

private:
    void judge(const Statement& statement) {
        for (const auto index : statement.conditions)
            report(index, kConditionAdvice);
        if (statement.initializers.empty() && statement.captures.empty()) return;
        if (is_allowed(statement)) return;
        for (const auto index : statement.initializers) {
            report_temporary(
                index, is_designated(index) ? "designated initialiser" : "braced initialiser");
        }
        for (const auto index : statement.captures)
            report_temporary(index, "capturing lambda");
    }

    void judge(const Allowance& allowance) {
        if (!allowance.has_reason) {
            findings_.push_back({file_, allowance.line, std::string(kAllow) + " needs a reason"});
        } else if (!allowance.used) {
            findings_.push_back(
                {file_, allowance.line, std::string(kAllow) + " allows nothing here"});
        }
    }

    bool is_allowed(const Statement& statement) {
        bool allowed = false;
        for (auto& allowance : allowances_) {
            if (!allowance.has_reason || !allowance.covers(statement)) continue;
            allowed = allowance.used = true;
        }
        return allowed;
    }

    bool is_designated(std::size_t open) const {
        const auto& tokens = stream_.tokens;
        return open + 2 < tokens.size() && tokens[open + 1].is(".") &&
               tokens[open + 2].kind == TokenKind::word;
    }

    void report_temporary(std::size_t index, std::string_view what) {
        report(index, std::string(what) + std::string(kAdvice));
    }

    void report(std::size_t index, std::string_view message) {
        findings_.push_back({file_, stream_.tokens[index].line, std::string(message)});
    }

    const std::string& file_;
    TokenStream stream_;
    std::vector<Allowance> allowances_;
    Findings findings_;
};

}  // namespace

Findings check_co_await(const std::string& file, std::string_view source) {
    return CoAwaitCheck(file, source).run();
}

}  // namespace shadowcat::lint
