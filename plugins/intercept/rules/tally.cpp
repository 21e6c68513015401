// SPDX-License-Identifier: Apache-2.0
// Counts twice: for this rule since it is there, and in metrics that nothing resets.
#include "rules/tally.hpp"

namespace shadowcat::intercept {

std::string_view name_of(ActionKind kind) noexcept {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(ActionKind::count)>
        kNames = {"set",      "remove", "replace", "block", "mock", "delay",
                  "throttle", "drop",   "fault",   "break", "log"};
    return kNames[static_cast<std::size_t>(kind)];
}

Tally::Tally(sdk::Metrics& metrics, std::string label)
    : metrics_(metrics),
      label_(std::move(label)),
      matches_metric_(metrics.counter("shadowcat_rule_matches_total",
                                      "Messages that a rule acted on.", {{"rule", label_}})) {}

sdk::Counter& Tally::metric(ActionKind kind, const char* outcome) {
    return metrics_.counter(
        "shadowcat_rule_actions_total", "Actions of rules, by what came of them.",
        {{"rule", label_}, {"action", std::string(name_of(kind))}, {"outcome", outcome}});
}

void Tally::expect(ActionKind kind) {
    Actions& actions = actions_[static_cast<std::size_t>(kind)];
    actions.applied_metric = &metric(kind, "applied");
    actions.failed_metric = &metric(kind, "failed");
}

void Tally::matched() noexcept {
    matches_.fetch_add(1, std::memory_order_relaxed);
    matches_metric_.add();
}

void Tally::applied(ActionKind kind) noexcept {
    Actions& actions = actions_[static_cast<std::size_t>(kind)];
    actions.applied.fetch_add(1, std::memory_order_relaxed);
    if (sdk::Counter* const metric = actions.applied_metric) metric->add();
}

std::int64_t Tally::failed(ActionKind kind) noexcept {
    Actions& actions = actions_[static_cast<std::size_t>(kind)];
    if (sdk::Counter* const metric = actions.failed_metric) metric->add();
    return actions.failed.fetch_add(1, std::memory_order_relaxed) + 1;
}

sdk::Json Tally::describe() const {
    sdk::Json by_action = sdk::Json::object();
    std::int64_t applied = 0;
    std::int64_t failed = 0;
    for (std::size_t i = 0; i < actions_.size(); ++i) {
        const Actions& each = actions_[i];
        if (!each.applied_metric) continue;
        applied += each.applied;
        failed += each.failed;
        by_action[std::string(name_of(static_cast<ActionKind>(i)))] = {
            {"applied", each.applied.load()}, {"failed", each.failed.load()}};
    }
    return {{"matches", matches_.load()},
            {"applied", applied},
            {"failed", failed},
            {"actions", std::move(by_action)}};
}

}  // namespace shadowcat::intercept
