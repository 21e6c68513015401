// SPDX-License-Identifier: Apache-2.0
// The control verb `watch`: lines of JSON for who attached, until they go.
#pragma once

#include "shadowcat/sdk/control.hpp"

#include <memory>

namespace shadowcat::watch {

class Hub;

/// What a viewer may ask with: the keys of `Filter`, all of which may be missing.
sdk::Result<sdk::Json> checked_request(const sdk::Json& request);

/// Serves the verb for as long as the hub lives. (Were it to hold the hub, the hub would hold
/// itself.)
sdk::ControlHost::Handler viewer_handler(std::weak_ptr<Hub> hub);

}  // namespace shadowcat::watch
