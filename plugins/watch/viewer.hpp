// SPDX-License-Identifier: Apache-2.0
// Viewer: somebody who looks at the traffic from another process.
#pragma once

#include "filter.hpp"
#include "record.hpp"

#include <cstddef>
#include <mutex>
#include <vector>

namespace shadowcat::watch {

/// What waits to be sent to one viewer. The thread that pairs fills it, the coroutine that serves
/// the viewer empties it; neither waits for the other, what is too much is lost and counted.
class Viewer {
public:
    static constexpr std::size_t kMaxWaiting = 1024;

    Viewer(Filter what, ViewerBits which) : filter(std::move(what)), bit(which) {}

    const Filter filter;
    const ViewerBits bit;  ///< Its own among the viewers.

    void push(Entry entry);

    /// What waits, oldest first, with what was lost behind it as an entry.
    std::vector<Entry> take();

private:
    std::mutex mutex_;
    std::vector<Entry> waiting_;
    std::uint64_t lost_ = 0;
};

}  // namespace shadowcat::watch
