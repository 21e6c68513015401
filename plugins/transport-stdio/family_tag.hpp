// SPDX-License-Identifier: Apache-2.0
// FamilyTag: a number by which every process that a child has started can be told from others.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace shadowcat::transport_stdio {

/// A process can leave its group, its session and its parent, and clear its environment; it keeps
/// its resource limits, and so do those whom it starts. So the tag is the soft limit of
/// RLIMIT_LOCKS, which Linux has not enforced since 2.4 and which nobody sets: a random number of
/// this proxy, and the child's own. It is read with one system call, of zombies too.
class FamilyTag {
public:
    FamilyTag() = default;  ///< nobody's

    /// One that no other child has, of this proxy or of another.
    static FamilyTag fresh() noexcept;

    /// False where a hard limit leaves no room for tags.
    static bool available() noexcept;

    /// Of the process that has the id `pid` at this moment; nobody's if there is none, or if it
    /// belongs to another user.
    static FamilyTag of(pid_t pid) noexcept;

    /// Tags the calling process and all that it will start. Async-signal-safe.
    void wear() const noexcept;

    /// For a helper of the proxy that may not be taken for a server's. Async-signal-safe.
    static void take_off() noexcept;

    /// Whether it belongs to a child of this proxy. Async-signal-safe once a tag was made.
    bool ours() const noexcept;

    /// Counts the children of this proxy.
    std::uint32_t number() const noexcept { return static_cast<std::uint32_t>(value_); }

    friend bool operator==(FamilyTag, FamilyTag) = default;

private:
    explicit FamilyTag(std::uint64_t value) noexcept : value_(value) {}

    std::uint64_t value_ = 0;
};

}  // namespace shadowcat::transport_stdio
