// SPDX-License-Identifier: Apache-2.0
// make_link: lifts a Pipe into a Link: many calls at a time over one ordered stream.
#pragma once

#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/pipe.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <memory>

namespace shadowcat::sdk::inline v1 {

/// Makes a link of `pipe` and starts reading on `worker`. The link
/// - correlates responses by id, never by order; ids are never reused, so late answers to cancelled
///   calls are recognised and dropped (`LinkOptions::ids` says whether ids are rewritten);
/// - delivers progress only to the call whose token it names, mapping the token back;
/// - on an exclusive link gives requests and log messages of the server to the newest call, so that
///   they arrive before its response; everything else goes to `events`;
/// - cancels with `notifications/cancelled` (never an `initialize`);
/// - delivers what belongs to a `subscriptions/listen` (2026-07-28) to that call, under the id that
///   its client gave it, and ends it when the server does, by result or by cancellation;
/// - once calls carry their own version and the server has not answered `initialize`: gives a log
///   message to the one call in flight that asked for any, and drops it when several did; drops
///   requests of the server;
/// - on a shared link fails a call whose client doesn't keep up instead of stalling the others.
///
/// MCP 2024-11-05 … 2026-07-28: basic/transports (stdio), utilities/cancellation,
/// utilities/progress.
SHADOWCAT_API std::unique_ptr<Link> make_link(Worker& worker, std::unique_ptr<Pipe> pipe,
                                              LinkEvents& events, const LinkOptions& options);

}  // namespace shadowcat::sdk::inline v1
