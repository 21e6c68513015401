// SPDX-License-Identifier: Apache-2.0
// A plugin that registers one part and then throws.
#include "shadowcat/sdk/plugin.hpp"
#include "shadowcat/sdk/pool_strategy.hpp"

#include <stdexcept>

namespace {

using namespace shadowcat;

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::PoolStrategy>("half", "never seen", sdk::Schema(),
                                     [](const sdk::Json&) { return nullptr; });
    throw std::runtime_error("the licence has expired");
}

}  // namespace

SHADOWCAT_PLUGIN("throws-in-register", "1.0.0", "for tests", register_parts)
