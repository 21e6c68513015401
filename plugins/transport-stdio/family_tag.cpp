// SPDX-License-Identifier: Apache-2.0
// Making tags, and reading and writing them as a resource limit.
#include "family_tag.hpp"

#include <sys/resource.h>

#include <atomic>
#include <random>

namespace shadowcat::transport_stdio {

namespace {

constexpr int kNumberBits = 32;
constexpr std::uint64_t kMaxTag = 0x7fff'ffff'ffff'ffff;

std::uint64_t random_proxy() {
    std::random_device random;
    return random() >> 1 | 1u;  // 31 bits, never 0
}

/// The upper half of every tag of this proxy.
std::uint64_t this_proxy() noexcept {
    static const std::uint64_t chosen = random_proxy();
    return chosen;
}

rlim_t hard_limit() noexcept {
    rlimit limit{};
    return ::getrlimit(RLIMIT_LOCKS, &limit) == 0 ? limit.rlim_max : 0;
}

void set_soft_limit(rlim_t soft) noexcept {
    const rlimit limit{soft, hard_limit()};
    ::setrlimit(RLIMIT_LOCKS, &limit);
}

}  // namespace

FamilyTag FamilyTag::fresh() noexcept {
    static std::atomic<std::uint32_t> last{0};
    return FamilyTag(this_proxy() << kNumberBits | ++last);
}

bool FamilyTag::available() noexcept { return hard_limit() >= kMaxTag; }

FamilyTag FamilyTag::of(pid_t pid) noexcept {
    rlimit limit{};
    if (::prlimit(pid, RLIMIT_LOCKS, nullptr, &limit) != 0) return FamilyTag();
    return FamilyTag(limit.rlim_cur);
}

void FamilyTag::wear() const noexcept {
    if (hard_limit() >= value_) set_soft_limit(value_);
}

void FamilyTag::take_off() noexcept { set_soft_limit(hard_limit()); }

bool FamilyTag::ours() const noexcept { return value_ >> kNumberBits == this_proxy(); }

}  // namespace shadowcat::transport_stdio
