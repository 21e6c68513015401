// SPDX-License-Identifier: Apache-2.0
// A plugin that offers a part which the plugin tiny offers too.
#include "shadowcat/sdk/plugin.hpp"
#include "shadowcat/sdk/pool_strategy.hpp"

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::PoolStrategy> make(const sdk::Json&) { return nullptr; }

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::PoolStrategy>("novel", "not taken", sdk::Schema(), make);
    registrar.add<sdk::PoolStrategy>("first", "taken", sdk::Schema(), make);
}

}  // namespace

SHADOWCAT_PLUGIN("duplicate-part", "1.0.0", "for tests", register_parts)
