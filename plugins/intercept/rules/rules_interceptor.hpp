// SPDX-License-Identifier: Apache-2.0
// The interceptor `rules`: runs messages through the rules of a file.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"

#include "breakpoints/breakpoints.hpp"
#include "rules/file_watch.hpp"
#include "rules/options.hpp"
#include "rules/rule_book.hpp"
#include "rules/wait_room.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace shadowcat::intercept {

/// What the instances on all workers have in common.
class SharedRules {
public:
    using MakeBreakpoints = std::function<std::shared_ptr<Breakpoints>(const RulesOptions&)>;

    /// Throws what is wrong with the file.
    SharedRules(const RulesOptions& options, const sdk::InterceptorContext& context,
                const MakeBreakpoints& make_breakpoints);

    std::shared_ptr<RuleBook> book;
    std::shared_ptr<Breakpoints> breakpoints;
    std::optional<FileWatch> watch;  ///< None without `reload`.

private:
    std::shared_ptr<void> verb_;  // `intercept.rules`, while this lives
};

class RulesInterceptor final : public sdk::Interceptor {
public:
    RulesInterceptor(const RulesOptions& options, sdk::Worker& worker,
                     std::shared_ptr<SharedRules> shared);

    std::optional<sdk::Verdict> at_once(sdk::Message& message,
                                        const sdk::MessageContext& context) override;
    sdk::awaitable<sdk::Verdict> on_message(sdk::Message& message,
                                            const sdk::MessageContext& context) override;
    void stop() noexcept override;

private:
    void take_latest();
    sdk::awaitable<std::optional<sdk::Verdict>> act(const Rule& rule, Passage& passage);

    sdk::Worker& worker_;
    std::shared_ptr<SharedRules> shared_;
    std::shared_ptr<WaitRoom> waits_;
    std::shared_ptr<const RuleSet> rules_;
    std::uint64_t generation_ = 0;
    sdk::Worker::Tick first_tick_;  // begins the watch once the worker runs
};

/// Serves `intercept.rules`: a line for each rule with what it has done.
std::shared_ptr<void> serve_rules(sdk::ControlHost& control, std::shared_ptr<RuleBook> book);

}  // namespace shadowcat::intercept
