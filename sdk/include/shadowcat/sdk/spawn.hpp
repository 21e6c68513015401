// SPDX-License-Identifier: Apache-2.0
// spawn_logged: the only way to start a coroutine that nobody awaits.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <string>

namespace shadowcat::sdk::inline v1 {

/// Runs `task` on `worker` and counts it in the worker's gate. An exception that escapes is logged
/// as an error under `name` (a string literal), never swallowed. Call on the worker's thread.
SHADOWCAT_API void spawn_logged(Worker& worker, awaitable<> task, const char* name);

/// Posts the start of `task` to `worker`; from any thread. Otherwise as `spawn_logged`.
/// `make` is called on the worker's thread.
SHADOWCAT_API void spawn_on(Worker& worker, std::function<awaitable<>()> make, const char* name);

}  // namespace shadowcat::sdk::inline v1
