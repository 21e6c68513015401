// SPDX-License-Identifier: Apache-2.0
// Spares: links kept open for sessions to come.
#pragma once

#include "core/upstream/link_opener.hpp"

#include <cstddef>
#include <list>
#include <memory>

namespace shadowcat::core {

/// This worker's part of `min_idle`. Each spare has a place among the upstream's links, is not
/// initialised and has never served anybody; after a session it is closed, never kept. Sessions
/// that wait for a place go first: spares give theirs up.
class Spares {
public:
    /// A process is busy with itself for some time after its start: so long a spare keeps its place
    /// at the start gate.
    static constexpr std::chrono::seconds kSettling = std::chrono::seconds(1);

    Spares(std::shared_ptr<LinkRoster> roster, LinkOpener& opener, std::size_t worker_index)
        : roster_(std::move(roster)), opener_(opener), rank_(worker_index) {}

    /// The oldest that lives and has not served its time; null when there is none. A replacement is
    /// started.
    std::shared_ptr<LinkLease> take(sdk::TimePoint now);

    /// Drops dead and surplus ones and starts what is missing.
    void sweep(sdk::TimePoint now);

    std::size_t size() const noexcept { return idle_.size(); }

    /// Closes all (in the background, counted in the roster's `closing`) and starts none any more;
    /// completes when none is being opened.
    sdk::awaitable<> stop();

private:
    class Spare {
    public:
        Spare(std::shared_ptr<LinkLease> opened, UpstreamState& state)
            : lease(std::move(opened)), counted_(state.spares) {}

        std::shared_ptr<LinkLease> lease;  // shared with what its relay may still do

    private:
        Counted counted_;
    };

    std::size_t share() const noexcept;
    bool usable(const LinkLease& lease) const noexcept;
    void drop_unusable();
    void make_room();
    void fill();
    bool open_another();
    static sdk::awaitable<> open_one(Spares& self, std::shared_ptr<LinkLease> lease,
                                     sdk::Gate::Pass pass);

    std::shared_ptr<LinkRoster> roster_;  // a lease may outlive its `Upstream`
    LinkOpener& opener_;
    std::size_t rank_;
    std::list<Spare> idle_;  // the oldest first
    sdk::Gate opening_;
    bool stopping_ = false;
};

/// How many of `total` the worker of that rank keeps, so that together they keep all.
std::size_t share_of(std::size_t total, std::size_t rank, std::size_t workers) noexcept;

}  // namespace shadowcat::core
