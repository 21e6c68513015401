// SPDX-License-Identifier: Apache-2.0
// The control commands `ping` and `info`: which proxy this is.
#pragma once

#include "shadowcat/sdk/listener.hpp"

#include "core/config/config.hpp"
#include "core/control/control_verbs.hpp"
#include "core/upstream/upstream_group.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace shadowcat::core {

/// pid, version, mode, where it listens, its upstreams, since when. On worker 0, whose `upstreams`
/// these are.
sdk::Json control_info(const Config& config, const sdk::Listener& listener,
                       const UpstreamGroup& upstreams,
                       std::chrono::system_clock::time_point started);

/// `ping` answers `{"pid": …}`; `info` what `info` gives.
std::vector<std::shared_ptr<void>> serve_control_info(ControlVerbs& verbs,
                                                      std::function<sdk::Json()> info);

}  // namespace shadowcat::core
