// SPDX-License-Identifier: Apache-2.0
// Upstream: one configured server, as one worker reaches it.
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "core/upstream/link_lease.hpp"

#include <memory>
#include <string>

namespace shadowcat::core {

class SharedLink;

/// How a call ended, for the upstream's guards: the breaker and the outlier ejection.
enum class CallVerdict : std::uint8_t {
    success,  ///< the server answered, be it with an error
    failure,  ///< unreachable, crashed, timed out, not MCP
    neutral   ///< says nothing about the upstream: cancelled, refused by us
};

/// A call's place among those of its upstream; gives it back when it goes.
class CallPermit {
public:
    CallPermit(std::shared_ptr<UpstreamState> of, sdk::QuotaHold call, sdk::QuotaHold bytes)
        : state_(std::move(of)), call_(std::move(call)), bytes_(std::move(bytes)) {
        ++state_->in_flight;
    }
    CallPermit(CallPermit&&) noexcept = default;
    CallPermit& operator=(CallPermit&&) = delete;
    ~CallPermit() {
        if (state_) --state_->in_flight;
    }

private:
    std::shared_ptr<UpstreamState> state_;  // shared by workers and whatever is left of the upstream
    sdk::QuotaHold call_, bytes_;
};

/// Opens links and admits calls within the upstream's capacity. One per upstream and worker.
class Upstream {
public:
    Upstream(sdk::Worker& worker, std::shared_ptr<UpstreamState> state,
             const UpstreamSettings& settings, std::unique_ptr<sdk::Connector> connector,
             const sdk::LinkOptions& options);
    ~Upstream();

    /// A link whose events go to `events`: a spare one, or a new one. Waits in line for a place.
    /// Fails with `unavailable` (all places taken, too many waiting, or pausing after crashes), or
    /// as `Connector::open`; always marked as nothing sent. `cancellation` may be null.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease(sdk::LinkEvents& events,
                                                                  sdk::Cancellation* cancellation);

    /// As `lease`, for a health probe: beyond the capacity, so that a full upstream isn't taken for
    /// a sick one and a probe takes no session's place.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease_probe(sdk::LinkEvents& events);

    /// A place for one call of `bytes`. Waits in line; fails with `unavailable`, nothing sent.
    sdk::awaitable<sdk::Result<CallPermit>> admit(std::size_t bytes,
                                                  sdk::Cancellation* cancellation);

    /// How an admitted call ended.
    void report(CallVerdict verdict);

    /// Healthy, not ejected, and its breaker lets a call through.
    bool accepts() const noexcept { return state_->healthy; }

    /// The link that sessions of this worker share; only with `Isolation::shared`.
    SharedLink& shared() noexcept { return *shared_; }

    bool is_shared() const noexcept { return shared_ != nullptr; }

    /// Takes over settings of the same isolation.
    void apply(const UpstreamSettings& settings) { settings_ = settings; }
    const UpstreamSettings& settings() const noexcept { return settings_; }

    UpstreamState& state() noexcept { return *state_; }
    const std::string& name() const noexcept { return state_->name; }
    std::string target() const { return connector_->target(); }

    /// Counts a session that is bound to this upstream, here and over all workers: while one is,
    /// the upstream stays.
    class Bond {
    public:
        explicit Bond(Upstream& upstream) : upstream_(upstream), everywhere_(upstream.state().sessions) {
            ++upstream_.bound_;
        }
        ~Bond() { --upstream_.bound_; }
        Bond(const Bond&) = delete;
        Bond& operator=(const Bond&) = delete;

    private:
        Upstream& upstream_;
        Counted everywhere_;
    };
    std::size_t bound() const noexcept { return bound_; }

    /// It isn't in the configuration any more: sessions leave it as soon as they can.
    void retire() noexcept { retired_ = true; }
    bool retired() const noexcept { return retired_; }

    /// Closes what sessions shared, spares and the connector.
    sdk::awaitable<> stop();

private:
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> open(std::shared_ptr<LinkLease> lease,
                                                                 sdk::LinkEvents& events);

    std::shared_ptr<UpstreamState> state_;  // shared by the workers
    UpstreamSettings settings_;
    std::size_t bound_ = 0;
    bool retired_ = false;
    std::unique_ptr<sdk::Connector> connector_;
    sdk::LinkOptions options_;
    std::unique_ptr<SharedLink> shared_;
};

}  // namespace shadowcat::core
