// SPDX-License-Identifier: Apache-2.0
// settings: a part's configuration as the core hands it over: checked, defaults filled in.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace shadowcat::otlp::testing {

inline sdk::Json settings(const sdk::Schema& schema, const sdk::Json& given) {
    std::vector<sdk::ConfigError> errors;
    sdk::Json out = sdk::validate(schema, given, "sink", errors);
    REQUIRE(errors.empty());
    return out;
}

}  // namespace shadowcat::otlp::testing
