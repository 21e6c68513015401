// SPDX-License-Identifier: Apache-2.0
// Rule: which messages, how often, and what to do with them.
#pragma once

#include "rules/action.hpp"
#include "rules/match.hpp"
#include "rules/node_reader.hpp"
#include "rules/sampling.hpp"
#include "rules/tally.hpp"

#include <memory>
#include <string>
#include <vector>

namespace shadowcat::intercept {

/// One entry of a rules file. Immutable once it is in use, except for what it counts.
class Rule {
public:
    /// Reads `reader` and notes what is wrong.
    static Rule read(const NodeReader& reader);

    std::string name;
    bool enabled = true;
    bool stop = false;  ///< No later rule sees what this one acted on.
    Match match;
    Sampling sampling;
    std::vector<std::unique_ptr<Action>> actions;

    /// The rule as it was written, to know whether another is the same.
    std::string text;

    std::shared_ptr<Tally> tally;
    std::shared_ptr<SamplingState> progress;

private:
    void read_match(const NodeReader& reader);
    void read_actions(const NodeReader& reader);
};

}  // namespace shadowcat::intercept
