// SPDX-License-Identifier: Apache-2.0
// LinkLease: an open link and the place it takes among its upstream's links.
#pragma once

#include "shadowcat/sdk/link.hpp"

#include "core/upstream/link_life.hpp"
#include "core/upstream/link_relay.hpp"
#include "core/upstream/upstream_state.hpp"

#include <memory>
#include <string>

namespace shadowcat::core {

class LinkRoster;

/// What a lease's link is for.
enum class LinkUse : std::uint8_t {
    client,  ///< sessions' calls
    spare,   ///< waits for a session
    probe    ///< the health schedule's own; limits of life don't concern it
};

/// Shared by the session that leased the link and every call in flight on it, so that the link
/// outlives its calls. Gives its place back when the link has been closed or has ended by itself,
/// and when the last holder has gone, on every path; a link that nobody closed is then closed in
/// the background. Counts the calls made through `link()`.
class LinkLease : public std::enable_shared_from_this<LinkLease> {
public:
    /// `place`: in the upstream's `links`; without one the link is beyond its capacity (a probe).
    LinkLease(std::shared_ptr<LinkRoster> roster, sdk::QuotaHold place, LinkUse use);
    ~LinkLease();
    LinkLease(const LinkLease&) = delete;
    LinkLease& operator=(const LinkLease&) = delete;

    /// What the link is opened with.
    sdk::LinkEvents& events() noexcept { return *relay_; }

    /// The link is open. It is starting, and keeps `start` (its place at the start gate), until it
    /// has answered a first call.
    void hold(std::unique_ptr<sdk::Link> link);
    void keep_start(sdk::QuotaHold start) { start_ = std::move(start); }

    /// The link's own events go to `events` from now on, and first what the link said before.
    /// Whoever binds holds the lease, or unbinds; closing the link unbinds too.
    void bind(sdk::LinkEvents& events) { relay_->bind(events); }
    void unbind() noexcept { relay_->unbind(); }

    /// As `LinkRelay::refuse_requests`.
    void refuse_requests(std::string why) { relay_->refuse_requests(std::move(why)); }

    sdk::Link& link() noexcept { return *outer_; }

    /// One call on the link, counted for as long as it lasts: what `link().call` does, for callers
    /// that have a place to keep it and so need no coroutine of its own.
    class Call {
    public:
        /// `counts`: towards the calls that the link may serve; a handshake doesn't.
        Call(LinkLease& lease, bool counts);
        ~Call();
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

        sdk::awaitable<sdk::Result<void>> perform(sdk::Message request, sdk::ReplyStream& replies,
                                                  sdk::Cancellation& cancellation);
        void ended(const sdk::Result<void>& done);

    private:
        void end() noexcept;

        LinkLease* lease_;
    };
    bool alive() const noexcept { return link_ && link_->alive(); }

    /// True once the link has served its time (age, requests, memory, idle): whoever holds it
    /// closes it as soon as no call is in flight, and leases another. Idle links, and shared ones
    /// that retire, are closed by the upstream's sweep if nobody but their holder knows them; the
    /// next call finds them dead and leases another.
    bool retiring() const noexcept { return retiring_; }

    UpstreamState& upstream() noexcept;
    const LinkLife& life() const noexcept { return life_; }
    LinkUse use() const noexcept { return use_; }

    /// A spare becomes a client's.
    void hand_out() noexcept { use_ = LinkUse::client; }

    // For the roster's sweep and the spares.

    /// Checks age and calls, and `resident` bytes when they are known.
    void judge(sdk::TimePoint now, std::size_t resident);
    std::size_t resident_bytes() const { return alive() ? link_->resident_bytes() : 0; }

    /// Nobody but its one holder knows the link, and no call is on it.
    bool unused() const noexcept;

    /// Retires the link if it has been without a call for too long; true when that is so.
    bool expire_idle(sdk::TimePoint now);

    /// Lets the next one start: this one takes too long, or will not be asked anything for now.
    void release_start() noexcept { start_.release(); }

    /// Ends the link in the background, keeping the lease meanwhile.
    void close_later();

private:
    class Observed;

    void lost(const sdk::Error& error);
    void answered();
    void closed() noexcept;
    static sdk::awaitable<> close_held(std::shared_ptr<LinkLease> self, sdk::Gate::Pass pass);

    std::shared_ptr<LinkRoster> roster_;  // a lease may outlive its `Upstream`
    sdk::QuotaHold place_, start_;
    LinkUse use_;
    std::shared_ptr<LinkRelay> relay_;  // also held by what it delivers, and outlives the link
    std::unique_ptr<sdk::Link> link_;
    std::unique_ptr<sdk::Link> outer_;  // what callers see of link_
    LinkLife life_;
    bool retiring_ = false;
    bool answered_ = false;
    bool closing_ = false;
    bool closed_ = false;
};

}  // namespace shadowcat::core
