// SPDX-License-Identifier: Apache-2.0
// PausedTable: what is paused in the whole proxy, by number.
#pragma once

#include "breakpoints/paused_message.hpp"
#include "breakpoints/paused_news.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::intercept {

/// Thread-safe. A message is in it from `add` until `remove`, which its own worker calls; once it
/// has ended it can't be reached by number any more.
class PausedTable {
public:
    using Paused = std::shared_ptr<PausedMessage>;

    PausedTable() = default;
    PausedTable(const PausedTable&) = delete;
    PausedTable& operator=(const PausedTable&) = delete;

    /// Nobody follows any longer.
    ~PausedTable();

    /// Gives it a number. False when its owner has `most` already.
    bool add(const Paused& paused, std::size_t most);

    /// On its worker, when nobody waits any more.
    void remove(const PausedMessage& paused);

    /// Whether and how it has ended.
    std::optional<Ending> ending_of(const PausedMessage& paused) const;

    /// Ends `paused` unless it has ended; on its worker.
    void end(PausedMessage& paused, Ending ending);

    /// The same for one (`number`) or all, from anywhere; its worker is woken. Gives how many;
    /// fails when there is no such message.
    sdk::Result<std::size_t> end(std::optional<std::uint64_t> number, Ending ending);

    /// Everything of `owner` on `worker`.
    void end_all(const void* owner, const sdk::Worker& worker, Ending ending);

    /// All that wait, oldest first.
    std::vector<sdk::Json> list(sdk::TimePoint now) const;

    /// What `list` says about one, with its text as `message`.
    sdk::Result<sdk::Json> show(std::uint64_t number, sdk::TimePoint now) const;

    /// Replaces the text; see `parse_edited`. The message waits on.
    sdk::Result<void> edit(std::uint64_t number, std::string text);

    /// `news` is told what is paused now, and from then on what is paused and what ends.
    void follow(const std::shared_ptr<PausedNews>& news, sdk::TimePoint now);

private:
    PausedMessage* find(std::uint64_t number) const;
    sdk::Error none(std::uint64_t number) const;
    void end_locked(PausedMessage& paused, Ending ending);
    void wake(const Paused& paused) const;
    void tell(const sdk::Json& line);

    mutable std::mutex mutex_;
    std::uint64_t last_ = 0;
    std::map<std::uint64_t, Paused> paused_;
    std::vector<std::weak_ptr<PausedNews>> followers_;
};

}  // namespace shadowcat::intercept
