// SPDX-License-Identifier: Apache-2.0
// Single values from the environment and the command line, laid over the file's.
#pragma once

#include "core/config/environment.hpp"
#include "core/config/located_json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace shadowcat::core {

/// One value for one key. Keys are matched without regard to case; numbers are list indexes.
class Override {
public:
    Override(Origin from, std::vector<std::string> key_path, Json new_value)
        : origin(std::move(from)), keys(std::move(key_path)), value(std::move(new_value)) {}

    Origin origin;
    std::vector<std::string> keys;
    Json value;
};

/// The overrides among the variables: `SHADOWCAT_` and the keys, joined by `__`
/// (`SHADOWCAT_REVERSE_PROXY__UPSTREAMS__0__URL`). Variables that don't begin with a section of
/// `root` are others' and ignored, unless they have a `__`: those are mistakes.
std::vector<Override> environment_overrides(const Environment& environment, const sdk::Schema& root,
                                            Diagnostics& diagnostics);

/// Sets the value in `config`. A list may grow by one entry at its end.
void apply_override(const Override& override, const sdk::Schema& root, LocatedJson& config,
                    Diagnostics& diagnostics);

}  // namespace shadowcat::core
