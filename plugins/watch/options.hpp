// SPDX-License-Identifier: Apache-2.0
// The configuration of the interceptor watch.
#pragma once

#include "shadowcat/sdk/config.hpp"

#include "colour.hpp"
#include "filter.hpp"

#include <string>

namespace shadowcat::watch {

class Options {
public:
    static sdk::Schema schema();

    /// `config` passed `schema`. Throws `std::invalid_argument` for what the schema can't check.
    explicit Options(const sdk::Json& config);

    bool has_output() const noexcept { return !output.empty(); }

    std::string output;  ///< `stderr`, a path, or empty: only for who attaches.
    ColourChoice colour;
    Filter filter;  ///< Of the output; viewers have their own.
};

}  // namespace shadowcat::watch
