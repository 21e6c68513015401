// SPDX-License-Identifier: Apache-2.0
// Adoptions: the orphans that come to this process, and whose they are.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "pinned_process.hpp"

#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace shadowcat::transport_stdio {

/// What a child started becomes ours when its parent dies: this process is a subreaper. That shows
/// what left its group (`setsid`, a daemon), without a search, and obliges to reap. One for the
/// process, used by all workers; locked when a child starts or ends and once a second, never in the
/// data path.
class Adoptions {
public:
    /// Starts the orphan guard first: it may not become our child.
    static Adoptions& instance();

    /// One child of ours, from before its fork until all that it started is gone. Its orphans are
    /// left alone meanwhile.
    class Entry {
    public:
        Entry() = default;
        Entry(Entry&& other) noexcept : tag_(std::exchange(other.tag_, FamilyTag())) {}
        Entry& operator=(Entry&& other) noexcept;
        ~Entry();

        FamilyTag tag() const noexcept { return tag_; }

        /// Nobody but the caller reaps `leader`, until `reaped`.
        void started(pid_t leader) const;
        void reaped() const;

    private:
        friend class Adoptions;
        explicit Entry(FamilyTag tag) : tag_(tag) {}

        FamilyTag tag_;
    };

    Entry enter();

    using Visitor = std::function<void(const PinnedProcess&)>;

    /// Shows every orphan with this tag, dead or alive. Nobody else reaps meanwhile.
    void visit(FamilyTag tag, const Visitor& visitor);

    /// Reaps whatever died, and kills what outlived its child after all. Call it again and again;
    /// it does something once a second. False when there is nothing to wait for.
    bool sweep(sdk::TimePoint now);

    Adoptions(const Adoptions&) = delete;
    Adoptions& operator=(const Adoptions&) = delete;

private:
    Adoptions();

    bool is_leader(pid_t pid) const;
    bool tidy(pid_t pid);
    bool tidy_ours(pid_t pid, FamilyTag tag);
    bool tidy_stranger(pid_t pid);
    void forget_strangers_except(const std::vector<pid_t>& present);

    std::mutex mutex_;
    std::unordered_map<std::uint32_t, pid_t> leaders_;  // by tag
    std::unordered_map<pid_t, int> dead_strangers_;     // in how many sweeps they were seen
    sdk::TimePoint next_sweep_;
};

}  // namespace shadowcat::transport_stdio
