// SPDX-License-Identifier: Apache-2.0
// Tally: what a rule has done, for metrics and for `intercept rules`.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/metrics.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::intercept {

enum class ActionKind : std::uint8_t {
    set,
    remove,
    replace,
    block,
    mock,
    delay,
    throttle,
    drop,
    fault,
    pause,
    log,
    count
};

/// As it stands in a rules file.
std::string_view name_of(ActionKind kind) noexcept;

/// One for each name of a rule, for as long as the file has a rule of that name. Thread-safe.
class Tally {
public:
    /// `label` is the value of the metrics' label `rule`.
    Tally(sdk::Metrics& metrics, std::string label);

    /// Looks up the metrics of an action that the rule has.
    void expect(ActionKind kind);

    void matched() noexcept;
    void applied(ActionKind kind) noexcept;

    /// Gives how often actions of this kind have failed.
    std::int64_t failed(ActionKind kind) noexcept;

    /// `{"matches": …, "applied": …, "failed": …, "actions": {"set": {"applied": …, …}}}`
    sdk::Json describe() const;

private:
    class Actions {
    public:
        std::atomic<std::int64_t> applied{0}, failed{0};
        std::atomic<sdk::Counter*> applied_metric{nullptr}, failed_metric{nullptr};
    };

    sdk::Counter& metric(ActionKind kind, const char* outcome);

    sdk::Metrics& metrics_;
    std::string label_;
    std::atomic<std::int64_t> matches_{0};
    sdk::Counter& matches_metric_;
    std::array<Actions, static_cast<std::size_t>(ActionKind::count)> actions_;
};

}  // namespace shadowcat::intercept
