// SPDX-License-Identifier: Apache-2.0
// Offers the interceptor `rules` to the loader.
#include "rules/register.hpp"

#include "rules/rules_interceptor.hpp"

namespace shadowcat::intercept {

namespace {

std::unique_ptr<sdk::Interceptor> make_rules(const sdk::Json& config,
                                             const sdk::InterceptorContext& context) {
    const RulesOptions options(config);
    auto shared = context.shared.get<SharedRules>([&] {
        return std::make_shared<SharedRules>(options, context, [&](const RulesOptions& given) {
            return Breakpoints::create(context.control, given.max_paused);
        });
    });
    return std::make_unique<RulesInterceptor>(options, context.worker, std::move(shared));
}

}  // namespace

void register_rules(sdk::Registrar& registrar) {
    registrar.add<sdk::Interceptor>("rules",
                                    "changes, blocks, answers, delays, pauses and breaks messages",
                                    RulesOptions::schema(), make_rules);
}

}  // namespace shadowcat::intercept
