// SPDX-License-Identifier: Apache-2.0
// A plugin whose parts can't be made: one throws, one makes nothing.
#include "shadowcat/sdk/plugin.hpp"
#include "shadowcat/sdk/pool_strategy.hpp"

#include <stdexcept>

namespace {

using namespace shadowcat;

std::unique_ptr<sdk::PoolStrategy> fail(const sdk::Json&) {
    throw std::runtime_error("no dice to throw");
}

void register_parts(sdk::Registrar& registrar) {
    registrar.add<sdk::PoolStrategy>("dice", "throws", sdk::Schema(), fail);
    registrar.add<sdk::PoolStrategy>("void", "makes nothing", sdk::Schema(),
                                     [](const sdk::Json&) { return nullptr; });
}

}  // namespace

SHADOWCAT_PLUGIN("throws-in-create", "1.0.0", "for tests", register_parts)
