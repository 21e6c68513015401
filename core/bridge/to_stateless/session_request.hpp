// SPDX-License-Identifier: Apache-2.0
// Requests of a session as a stateless server wants them (duties C.3).
#pragma once

#include "core/bridge/to_stateless/client_profile.hpp"

namespace shadowcat::core {

/// `request` with what the stateless era has in every request put into `params._meta`, and without
/// what it doesn't know (`params.task`). Everything else stays, byte by byte. Fails with
/// `invalid_request` when it gets too deep by that.
sdk::Result<sdk::Message> stateless_request(const sdk::Message& request,
                                            const ClientProfile& client, std::size_t max_depth);

/// `request`, made by `stateless_request`, sent again under `id` with what its server asked for.
/// `state`: the server's `requestState` as it stands in its text; empty if it gave none.
/// `responses`: JSON text; empty for none.
sdk::Result<sdk::Message> with_inputs(const sdk::Message& request, std::string_view id,
                                      std::string_view responses, std::string_view state,
                                      std::size_t max_depth);

/// `params` for a request of the bridge's own. `members`: of `params` itself, without braces; may
/// be empty.
std::string stateless_params(const ClientProfile& client, std::string_view members);

}  // namespace shadowcat::core
