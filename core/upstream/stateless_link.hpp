// SPDX-License-Identifier: Apache-2.0
// StatelessLink: the link on which all stateless requests of a worker reach one upstream.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/wakeup.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/upstream/link_lease.hpp"

#include <memory>
#include <vector>

namespace shadowcat::core {

class Upstream;

/// A stateless server keeps nothing of a client, so one link serves them all (duties B.14). What it
/// says by itself belongs to nobody and is dropped: it may speak only in answer to a request, and
/// must not ask.
class StatelessLink final : public sdk::LinkEvents {
public:
    StatelessLink(sdk::Worker& worker, Upstream& upstream, sdk::Duration probe_timeout)
        : worker_(worker), upstream_(upstream), probe_timeout_(probe_timeout) {}

    /// The open link; opens it on first use, after it was lost, and when it has served its time. A
    /// server of which it isn't known yet is asked whether it is stateless. Fails with
    /// `unsupported` when it is not, and as `Upstream::lease`.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease();

    /// Closes the link; completes when no other is being opened.
    sdk::awaitable<> close();

    sdk::awaitable<> on_message(sdk::Message message) override;
    void on_closed(const sdk::Error& error) override;

private:
    using Leased = sdk::Result<std::shared_ptr<LinkLease>>;

    sdk::awaitable<Leased> open();
    sdk::awaitable<sdk::Result<void>> probe(LinkLease& lease);
    sdk::Error not_stateless() const;

    sdk::Worker& worker_;
    Upstream& upstream_;
    const sdk::Duration probe_timeout_;
    std::shared_ptr<LinkLease> lease_;  // also held by the calls in flight on it
    bool opening_ = false;
    sdk::Gate running_;
    std::vector<sdk::Wakeup*> waiting_;
};

}  // namespace shadowcat::core
