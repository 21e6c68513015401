// SPDX-License-Identifier: Apache-2.0
// What `shadowcat intercept rules` is told.
#include "rules/rules_interceptor.hpp"

namespace shadowcat::intercept {

namespace {

sdk::Json described(const Rule& rule) {
    sdk::Json line = rule.tally->describe();
    line["rule"] = rule.name;
    line["enabled"] = rule.enabled;
    return line;
}

sdk::awaitable<sdk::Result<void>> send_rules(std::shared_ptr<const RuleSet> rules,
                                             sdk::ControlPeer& peer) {
    for (const Rule& rule : rules->rules()) {
        sdk::Json line = described(rule);
        sdk::Result<void> sent = co_await peer.send(std::move(line));
        if (sent.has_error()) co_return sent;
    }
    co_return sdk::Result<void>();
}

}  // namespace

std::shared_ptr<void> serve_rules(sdk::ControlHost& control, std::shared_ptr<RuleBook> book) {
    return control.serve("intercept.rules",
                         [book = std::move(book)](const sdk::Json&, sdk::ControlPeer& peer) {
                             return send_rules(book->current(), peer);
                         });
}

}  // namespace shadowcat::intercept
