// SPDX-License-Identifier: Apache-2.0
// ProbeTarget: an upstream as its health checker may touch it.
#pragma once

#include "shadowcat/sdk/health_checker.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "core/upstream/upstream.hpp"

#include <memory>

namespace shadowcat::core {

/// Keeps a probe link of its own; of an upstream whose sessions share a link, that link is the one
/// whose health matters. Held by the schedule and by a check that runs, which may outlast the
/// schedule's patience; after `detach` it touches nothing any more.
class ProbeTarget final : public sdk::HealthTarget,
                          public sdk::LinkEvents,
                          public std::enable_shared_from_this<ProbeTarget> {
public:
    ProbeTarget(sdk::Worker& worker, Upstream& upstream, sdk::Duration limit)
        : worker_(worker), upstream_(&upstream), limit_(limit) {}

    sdk::awaitable<sdk::Result<sdk::Message>> ask(sdk::Message request) override;
    std::size_t crashes_since_last_check() override;
    sdk::awaitable<sdk::Result<void>> ensure_open() override;

    sdk::awaitable<> on_message(sdk::Message) override { co_return; }
    void on_closed(const sdk::Error& error) override;

    /// Closes the probe link; the next check starts afresh.
    sdk::awaitable<> close_link();

    void detach() noexcept { upstream_ = nullptr; }

private:
    using Leased = sdk::Result<std::shared_ptr<LinkLease>>;

    bool is_stateless() const;
    sdk::awaitable<Leased> open();
    sdk::awaitable<Leased> open_own();

    sdk::Worker& worker_;
    Upstream* upstream_;  // null: detached
    sdk::Duration limit_;
    std::shared_ptr<LinkLease> probe_;  // also held by questions under way
};

}  // namespace shadowcat::core
