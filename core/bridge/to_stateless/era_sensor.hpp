// SPDX-License-Identifier: Apache-2.0
// What a server's first answers say about the era it speaks (duties A.11 and C.0).
#pragma once

#include "core/bridge/to_stateless/client_profile.hpp"

namespace shadowcat::core {

/// The request that every stateless server answers.
sdk::Message discover_request(const ClientProfile& client);

/// What the answer to it says.
enum class Discovery : std::uint8_t {
    stateless,  ///< a result, or an error that only a stateless server gives, for our revision
    other       ///< anything else: a server of the session era, or of revisions not known here
};
Discovery judge_discovery(const sdk::Message& answer);

/// Whether it is a `DiscoverResult` that names our revision.
bool is_discover_result(const sdk::Message& answer);

/// Whether a call that failed so may have met a server that has no words for it. Timeouts, crashes
/// and refused connections are no evidence, neither way.
bool may_be_era(const sdk::Error& error);

}  // namespace shadowcat::core
