// SPDX-License-Identifier: Apache-2.0
// PausedNews: what one follower has not been told yet.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace shadowcat::intercept {

/// Told from any thread, read by one coroutine. Bounded: a follower that doesn't keep up loses the
/// newest, and is told how many.
class PausedNews : public std::enable_shared_from_this<PausedNews> {
public:
    static constexpr std::size_t kMostLines = 1024;

    /// `reader` is where the coroutine that reads runs.
    explicit PausedNews(const sdk::Executor& reader) : reader_(reader) {}

    /// From any thread.
    void tell(sdk::Json line);
    void close();

    /// The next line; nothing once closed, or given up. On the reader's worker, as `give_up`.
    sdk::awaitable<std::optional<sdk::Json>> next();

    /// Makes `next` complete without a line.
    void give_up();

private:
    std::optional<sdk::Json> take();
    bool is_closed() const;
    void wake();

    const sdk::Executor reader_;
    sdk::Wakeup wakeup_;  // the reader's
    mutable std::mutex mutex_;
    std::deque<sdk::Json> lines_;
    std::size_t lost_ = 0;
    bool closed_ = false;
};

}  // namespace shadowcat::intercept
