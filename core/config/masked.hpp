// SPDX-License-Identifier: Apache-2.0
// masked: a configuration that may be shown.
#pragma once

#include "shadowcat/sdk/config.hpp"

namespace shadowcat::core {

/// `value` with everything that `schema` calls secret replaced by "***" (of mappings the values
/// only), and what stands before the @ of URLs too. What the schema doesn't know is masked.
sdk::Json masked(const sdk::Json& value, const sdk::Schema& schema);

}  // namespace shadowcat::core
