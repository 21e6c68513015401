// SPDX-License-Identifier: Apache-2.0
// Upstream: one configured server, as one worker reaches it.
#pragma once

#include "shadowcat/sdk/connector.hpp"

#include "core/upstream/call_permit.hpp"
#include "core/upstream/link_lease.hpp"
#include "core/upstream/link_opener.hpp"
#include "core/upstream/spares.hpp"
#include "core/upstream/upstream_wait.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::core {

class SharedLink;
class StatelessLink;

/// The states of an upstream's group, itself among them.
using Peers = std::vector<std::shared_ptr<UpstreamState>>;

/// Whether an upstream can take another session.
enum class Room : std::uint8_t {
    now,      ///< a spare, a free place, or a link that is shared
    in_line,  ///< after a wait
    none      ///< the line is full, or the pause after failed starts too long
};

/// Opens links and admits calls within the upstream's capacity. One per upstream and worker; made
/// on that worker, or before it runs. Stopped before it is destroyed.
class Upstream {
public:
    Upstream(sdk::Worker& worker, std::shared_ptr<UpstreamState> state,
             const UpstreamSettings& settings, std::unique_ptr<sdk::Connector> connector,
             const sdk::LinkOptions& options, sdk::Metrics& metrics,
             const BridgeSettings& bridge = BridgeSettings());
    ~Upstream();

    /// A link whose events go to `events`: a spare one, or a new one. Waits in line for a place,
    /// for the end of a pause after failed starts, and for its turn to start; together for at most
    /// `pool.wait_timeout`. Fails with `unavailable` (all places taken, too many waiting, pausing),
    /// or as `Connector::open`, or with the reason of `cancellation` (may be null; its callback is
    /// taken meanwhile); always marked as nothing sent.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease(sdk::LinkEvents& events,
                                                                  sdk::Cancellation* cancellation);

    /// As `lease`, for a health probe: beyond the capacity, so that a full upstream isn't taken for
    /// a sick one and a probe takes no session's place; also during a pause, because it shall find
    /// out.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease_probe(sdk::LinkEvents& events);

    /// As `lease`, for a link that takes the place of one that has served its time and still has
    /// calls: beyond the capacity if need be, for as long as those take.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease_successor(
        sdk::LinkEvents& events);

    /// As `lease`, for the link that stateless requests share; never a spare.
    sdk::awaitable<sdk::Result<std::shared_ptr<LinkLease>>> lease_stateless(
        sdk::LinkEvents& events);

    /// A place for one call of `bytes`. Waits in line; fails with `unavailable`, nothing sent (also
    /// when the circuit breaker is open).
    sdk::awaitable<sdk::Result<CallPermit>> admit(std::size_t bytes,
                                                  sdk::Cancellation* cancellation);

    /// As `admit`, if that need not wait.
    std::optional<CallPermit> try_admit(std::size_t bytes);

    /// How an admitted call ended.
    void report(CallVerdict verdict);

    /// Healthy, not ejected, and its breaker lets a call through.
    bool accepts() const noexcept;

    /// Whether `lease` would get a link.
    Room room() const noexcept;

    /// Why it doesn't accept, or has no room: "is unhealthy". For errors and logs.
    std::string why_not() const;

    /// A request found nobody who could serve it: has the upstream probed soon, if it is watched.
    void wish_for_probe();

    /// The link that sessions of this worker share; only with `Isolation::shared`.
    SharedLink& shared() noexcept { return *shared_; }

    bool is_shared() const noexcept { return shared_ != nullptr; }

    /// The link that stateless requests of this worker share.
    StatelessLink& stateless() noexcept { return *stateless_; }

    /// As `Connector::links_share_state`.
    bool links_share_state() const noexcept { return opener_.links_share_state(); }

    /// Takes over settings of the same isolation. (The state takes its own over.)
    void apply(const UpstreamSettings& settings);
    const UpstreamSettings& settings() const noexcept { return settings_; }

    UpstreamState& state() noexcept { return *state_; }
    const std::shared_ptr<UpstreamState>& shared_state() const noexcept { return state_; }
    const std::string& name() const noexcept { return state_->name; }
    std::string target() const { return opener_.target(); }

    /// Counts a session that is bound to this upstream, here and over all workers: while one is,
    /// the upstream stays.
    class Bond {
    public:
        explicit Bond(Upstream& upstream)
            : upstream_(upstream), everywhere_(upstream.state().sessions) {
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

    /// It isn't in the configuration any more: it keeps no spares, and sessions leave it as soon as
    /// they can.
    void retire();
    bool retired() const noexcept { return retired_; }

    /// Whom it is ejected from; set by the group.
    void set_peers(std::shared_ptr<const Peers> peers) { peers_ = std::move(peers); }

    /// The handshake of a link failed: counts as a failed start.
    void handshake_failed(const sdk::Error& error) { roster_->start_failed(error); }

    /// Regular upkeep, every tick of the worker: lives of links, spares, guards, gauges.
    void sweep(sdk::TimePoint now);

    /// Ends what waits, closes every link that is left (what sessions shared, spares) and the
    /// connector. Nothing is leased afterwards.
    sdk::awaitable<> stop();

private:
    using Leased = sdk::Result<std::shared_ptr<LinkLease>>;

    std::shared_ptr<LinkLease> take_spare(sdk::LinkEvents& events);
    sdk::awaitable<Leased> lease_new(sdk::LinkEvents& events, sdk::Cancellation* cancellation,
                                     sdk::Era era);
    sdk::awaitable<Leased> start(sdk::QuotaHold place, sdk::LinkEvents& events, UpstreamWait& wait,
                                 sdk::Era era = sdk::Era::session);
    sdk::awaitable<Leased> open(std::shared_ptr<LinkLease> lease, sdk::Era era = sdk::Era::session);
    sdk::awaitable<sdk::Result<void>> wait_for_call(std::size_t bytes, sdk::QuotaHold& call,
                                                    sdk::QuotaHold& size,
                                                    sdk::Cancellation* cancellation);
    bool take_call(std::size_t bytes, sdk::QuotaHold& call, sdk::QuotaHold& size);
    sdk::Error breaker_open() const;
    void judge_outlier(sdk::TimePoint now);
    std::string subject() const { return "upstream '" + state_->name + "'"; }
    sdk::Error stopped() const;

    sdk::Worker& worker_;
    std::shared_ptr<UpstreamState> state_;  // shared by the workers
    UpstreamSettings settings_;
    std::shared_ptr<LinkRoster> roster_;  // shared with leases, which may outlive this
    LinkOpener opener_;
    Spares spares_;
    std::unique_ptr<SharedLink> shared_;
    std::unique_ptr<StatelessLink> stateless_;
    std::shared_ptr<const Peers> peers_;  // shared by the group's members
    UpstreamWaits waits_;
    sdk::Gate leasing_;
    sdk::Worker::Tick tick_;
    std::size_t bound_ = 0;
    bool retired_ = false;
    bool stopping_ = false;
};

}  // namespace shadowcat::core
