// SPDX-License-Identifier: Apache-2.0
// off_thread: does what blocks on a thread of its own, while the worker goes on.
#pragma once

#include "shadowcat/sdk/worker.hpp"

#include <functional>

namespace shadowcat::tape {

/// Runs `job` on another thread; completes on the worker once it is done. What `job` throws is
/// thrown here.
sdk::awaitable<> off_thread(sdk::Worker& worker, std::function<void()> job);

}  // namespace shadowcat::tape
