// SPDX-License-Identifier: Apache-2.0
// Becoming a subreaper, telling orphans from servers, and reaping.
#include "adoptions.hpp"

#include "shadowcat/sdk/log.hpp"

#include "orphan_guard.hpp"
#include "process_ids.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

namespace shadowcat::transport_stdio {

namespace {

constexpr pid_t kNotForked = -1;
constexpr pid_t kReaped = 0;
constexpr std::chrono::seconds kSweepInterval(1);

// A dead child without a tag may be another plugin's, which is about to wait for it.
constexpr int kPatientSweeps = 5;

bool is_dead_child(pid_t pid) {
    siginfo_t info{};
    const auto which = static_cast<id_t>(pid);
    return ::waitid(P_PID, which, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

}  // namespace

Adoptions& Adoptions::instance() {
    static auto* only = new Adoptions;  // leaked: children may end while the process does
    return *only;
}

Adoptions::Adoptions() {
    OrphanGuard::instance();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

Adoptions::Entry& Adoptions::Entry::operator=(Entry&& other) noexcept {
    std::swap(tag_, other.tag_);
    return *this;
}

Adoptions::Entry::~Entry() {
    if (tag_ == FamilyTag()) return;
    Adoptions& all = instance();
    const std::lock_guard lock(all.mutex_);
    all.leaders_.erase(tag_.number());
}

void Adoptions::Entry::started(pid_t leader) const {
    Adoptions& all = instance();
    const std::lock_guard lock(all.mutex_);
    all.leaders_[tag_.number()] = leader;
}

void Adoptions::Entry::reaped() const { started(kReaped); }

Adoptions::Entry Adoptions::enter() {
    Entry entry(FamilyTag::fresh());
    entry.started(kNotForked);
    return entry;
}

bool Adoptions::is_leader(pid_t pid) const {
    return std::ranges::any_of(leaders_, [pid](const auto& one) { return one.second == pid; });
}

void Adoptions::visit(FamilyTag tag, const Visitor& visitor) {
    const std::lock_guard lock(mutex_);
    for (const pid_t pid : own_children()) {
        if (FamilyTag::of(pid) != tag || is_leader(pid)) continue;
        const PinnedProcess orphan(pid);
        if (orphan.tag() == tag) visitor(orphan);
    }
}

bool Adoptions::sweep(sdk::TimePoint now) {
    const std::lock_guard lock(mutex_);
    if (now < next_sweep_ && !leaders_.empty()) return true;
    next_sweep_ = now + kSweepInterval;
    bool unfinished = !leaders_.empty();
    const std::vector<pid_t> present = own_children();
    forget_strangers_except(present);
    for (const pid_t pid : present) {
        if (!is_leader(pid) && tidy(pid)) unfinished = true;
    }
    return unfinished;
}

/// True when there is more to do for `pid`.
bool Adoptions::tidy(pid_t pid) {
    const FamilyTag tag = FamilyTag::of(pid);
    return tag.ours() ? tidy_ours(pid, tag) : tidy_stranger(pid);
}

bool Adoptions::tidy_ours(pid_t pid, FamilyTag tag) {
    const auto family = leaders_.find(tag.number());
    const bool lives_on = family != leaders_.end();
    if (lives_on && family->second == kNotForked) return true;  // it may be the leader
    const PinnedProcess orphan(pid);
    if (orphan.tag() != tag || orphan.reap()) return false;
    if (lives_on) return false;
    sdk::log::warn("process outlived its server", {{"pid", pid}, {"sending", "SIGKILL"}});
    orphan.signal(SIGKILL);
    return true;
}

bool Adoptions::tidy_stranger(pid_t pid) {
    if (!is_dead_child(pid)) return false;
    if (++dead_strangers_[pid] < kPatientSweeps) return true;
    dead_strangers_.erase(pid);
    ::waitid(P_PID, static_cast<id_t>(pid), nullptr, WEXITED | WNOHANG);
    return false;
}

void Adoptions::forget_strangers_except(const std::vector<pid_t>& present) {
    std::erase_if(dead_strangers_, [&present](const auto& one) {
        return std::ranges::find(present, one.first) == present.end();
    });
}

}  // namespace shadowcat::transport_stdio
