// SPDX-License-Identifier: Apache-2.0
// A plugin with nothing wrong: one pool strategy that takes the first candidate.
#include "shadowcat/sdk/plugin.hpp"
#include "shadowcat/sdk/pool_strategy.hpp"

namespace {

using namespace shadowcat;

class First final : public sdk::PoolStrategy {
public:
    std::size_t pick(std::span<const sdk::Candidate>, const sdk::PickRequest&) override {
        return 0;
    }
};

void register_parts(sdk::Registrar& registrar) {
    sdk::Schema schema;
    schema.add(sdk::integer("weight", "How much it matters").defaults_to(1).between(1, 9));
    registrar.add<sdk::PoolStrategy>("first", "always the first upstream", schema,
                                     [](const sdk::Json&) { return std::make_unique<First>(); });
}

}  // namespace

SHADOWCAT_PLUGIN("tiny", "1.2.3", "one pool strategy, for tests", register_parts)
