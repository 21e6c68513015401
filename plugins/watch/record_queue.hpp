// SPDX-License-Identifier: Apache-2.0
// RecordQueue: records on their way from the workers to the thread that shows them.
#pragma once

#include "record.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace shadowcat::watch {

/// Bounded in number and memory. Workers never wait for its reader: the mutex is held for as long
/// as it takes to move a record or to swap two vectors.
class RecordQueue {
public:
    RecordQueue(std::size_t max_records, std::size_t max_bytes)
        : max_records_(max_records), max_bytes_(max_bytes) {}

    /// From any thread. False, and counted, when there is no room.
    bool push(Record record) noexcept;

    /// From any thread: `wait` returns at once from now on.
    void ask_stop() noexcept;

    /// What the reader finds.
    class Work {
    public:
        Work(std::uint64_t records_dropped, bool end) : dropped(records_dropped), stop(end) {}

        std::uint64_t dropped;  ///< After the records of the batch.
        bool stop;
    };

    /// The reader's: waits for records, at most for `limit`, and puts them into `batch`, which
    /// replaces what was there.
    Work wait(std::vector<Record>& batch, sdk::Duration limit);

private:
    const std::size_t max_records_;
    const std::size_t max_bytes_;
    std::mutex mutex_;
    std::condition_variable wake_up_;
    std::vector<Record> records_;
    std::size_t bytes_ = 0;
    std::uint64_t dropped_ = 0;
    bool idle_ = false;  // the reader waits for the first record
    bool stop_ = false;
};

}  // namespace shadowcat::watch
