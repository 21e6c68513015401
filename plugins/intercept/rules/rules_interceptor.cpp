// SPDX-License-Identifier: Apache-2.0
// Finds the rules that match a message and has them act, one after the other.
#include "rules/rules_interceptor.hpp"

#include "shadowcat/sdk/log.hpp"

#include <bit>

namespace shadowcat::intercept {

namespace {

/// The next rule behind `last` that matches the message as it now is.
const Rule* next_match(const RuleSet& rules, const Sight& sight, const Rule* last) {
    for (const Rule* rule : rules.candidates(sight))
        if ((last == nullptr || rule > last) && rule->match.holds(sight)) return rule;
    return nullptr;
}

/// Warns of the 1st, 2nd, 4th, 8th … failure: a busy rule doesn't flood the log.
void report_failure(const Rule& rule, ActionKind kind, const std::string& why) {
    const std::int64_t failures = rule.tally->failed(kind);
    if (!std::has_single_bit(static_cast<std::uint64_t>(failures))) return;
    sdk::log::warn(
        "rule failed, the message passes unchanged",
        {{"rule", rule.name}, {"action", name_of(kind)}, {"why", why}, {"failures", failures}});
}

void note(const Rule& rule, ActionKind kind, const Outcome& outcome) {
    if (outcome.kind() == Outcome::Kind::failed) return report_failure(rule, kind, outcome.why());
    if (outcome.kind() != Outcome::Kind::skipped) rule.tally->applied(kind);
}

}  // namespace

SharedRules::SharedRules(const RulesOptions& options, const sdk::InterceptorContext& context,
                         const MakeBreakpoints& make_breakpoints)
    : book(std::make_shared<RuleBook>(options, context.metrics)),
      breakpoints(make_breakpoints(options)),
      verb_(serve_rules(context.control, book)) {
    if (options.reload) watch.emplace(book, options.check_interval);
}

RulesInterceptor::RulesInterceptor(const RulesOptions& options, sdk::Worker& worker,
                                   std::shared_ptr<SharedRules> shared)
    : worker_(worker),
      shared_(std::move(shared)),
      waits_(std::make_shared<WaitRoom>(worker, options.max_waiting)) {
    if (!shared_->watch) return;
    first_tick_ = worker.every_tick([this](sdk::TimePoint) {
        shared_->watch->start();
        first_tick_ = sdk::Worker::Tick();
    });
}

void RulesInterceptor::take_latest() {
    const std::uint64_t latest = shared_->book->generation();
    if (latest == generation_) return;
    generation_ = latest;
    rules_ = shared_->book->current();
}

/// Most messages concern no rule.
std::optional<sdk::Verdict> RulesInterceptor::at_once(sdk::Message& message,
                                                      const sdk::MessageContext& context) {
    take_latest();
    const bool concerned = next_match(*rules_, Sight(message, context), nullptr) != nullptr;
    if (concerned) return std::nullopt;
    return sdk::Verdict::pass();
}

sdk::awaitable<sdk::Verdict> RulesInterceptor::on_message(sdk::Message& message,
                                                          const sdk::MessageContext& context) {
    take_latest();
    const Rule* rule = next_match(*rules_, Sight(message, context), nullptr);
    if (rule == nullptr) co_return sdk::Verdict::pass();
    const std::shared_ptr<const RuleSet> rules = rules_;  // a reload may come while it waits
    Passage passage(message, context, worker_, *waits_, *shared_->breakpoints);
    while (rule != nullptr) {
        if (rule->progress->admit(rule->sampling)) {
            std::optional<sdk::Verdict> verdict = co_await act(*rule, passage);
            if (verdict) co_return *std::move(verdict);
            if (rule->stop) break;
        }
        rule = next_match(*rules, Sight(message, context), rule);
    }
    co_return sdk::Verdict::pass();
}

/// A verdict when the message goes no further through the rules.
sdk::awaitable<std::optional<sdk::Verdict>> RulesInterceptor::act(const Rule& rule,
                                                                  Passage& passage) {
    rule.tally->matched();
    passage.rule = rule.name;
    passage.chance = &rule.progress->chance();
    for (const auto& action : rule.actions) {
        Outcome outcome = co_await action->perform(passage);
        note(rule, action->kind(), outcome);
        if (outcome.kind() == Outcome::Kind::ended) co_return std::move(outcome.verdict());
    }
    co_return std::nullopt;
}

void RulesInterceptor::stop() noexcept {
    waits_->release_all();
    shared_->breakpoints->release_all(worker_);
}

}  // namespace shadowcat::intercept
