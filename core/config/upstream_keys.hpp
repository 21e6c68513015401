// SPDX-License-Identifier: Apache-2.0
// Splits an upstream's keys between the core and the parts it names.
#pragma once

#include "core/config/config_schema.hpp"

namespace shadowcat::core {

/// The core's keys and those of every registered connector, strategy and checker.
sdk::Schema any_upstream_schema(const PluginRegistry& registry);

/// The values in `all` for the keys of `schema` that `core` doesn't have.
Json part_options(const Json& all, const sdk::Schema& schema, const sdk::Schema& core);

/// The core's keys of `pool` and `health`.
sdk::Schema core_pool_schema();
sdk::Schema core_health_schema();

}  // namespace shadowcat::core
