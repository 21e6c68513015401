// SPDX-License-Identifier: Apache-2.0
// For tests: a proxy that answers what it was told to, and a command's surroundings.
#pragma once

#include "shadowcat/sdk/command.hpp"

#include "cli/proxy_line.hpp"

#include <deque>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace shadowcat::intercept::testing {

class ScriptedProxy final : public ProxyLine {
public:
    using Answer = sdk::Result<std::vector<Json>>;

    /// The answers in the order of the questions; the last one is repeated.
    explicit ScriptedProxy(std::deque<Answer> answers) : answers_(std::move(answers)) {}

    sdk::Result<void> ask(const Json& request,
                          const std::function<void(const Json&)>& each) override {
        asked.push_back(request);
        const Answer answer = answers_.front();
        if (answers_.size() > 1) answers_.pop_front();
        if (answer.has_error()) return answer.error();
        for (const Json& line : *answer)
            each(line);
        return {};
    }

    std::vector<Json> asked;

private:
    std::deque<Answer> answers_;
};

inline sdk::Error refusal(const std::string& why) {
    return sdk::Error(sdk::ErrorCode::blocked, why);
}

class Surroundings final : public sdk::CommandContext {
public:
    std::ostream& out() override { return output; }
    std::ostream& errors() override { return complaints; }
    std::optional<std::string> environment(const std::string& name) const override {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    }
    int serve(const sdk::ServeRequest&) override { throw std::logic_error("serves nothing"); }
    sdk::Result<std::unique_ptr<sdk::Connector>> connector(const Json&, sdk::Worker&) override {
        throw std::logic_error("connects to nothing");
    }
    sdk::Result<Json> upstream_of(const std::string&) override { return Json(); }
    Json upstream_of(const std::vector<std::string>&) override { return Json(); }

    std::ostringstream output, complaints;
    std::map<std::string, std::string> variables;
};

}  // namespace shadowcat::intercept::testing
