// SPDX-License-Identifier: Apache-2.0
// TrafficView: from what workers note to what viewers see.
#pragma once

#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/metrics.hpp"

#include "audience.hpp"
#include "options.hpp"
#include "pairs.hpp"
#include "printer.hpp"
#include "record_queue.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace shadowcat::watch {

/// Workers note; one thread, in `run`, pairs, filters and hands out. All bounds are here.
class TrafficView {
public:
    static constexpr std::size_t kMaxRecords = 8192;
    static constexpr std::size_t kMaxBytes = std::size_t{8} << 20;
    static constexpr std::size_t kMaxInFlight = 4096;
    static constexpr sdk::Duration kPatience = std::chrono::seconds(5);

    TrafficView(const Options& options, sdk::Metrics& metrics, sdk::Duration patience = kPatience);

    Audience& audience() noexcept { return audience_; }

    /// From any worker, when somebody is present. Never wait.
    void note(const sdk::Message& message, const sdk::MessageContext& context, std::size_t worker);
    void note(const sdk::TransportEvent& event);

    /// The thread's: until `ask_stop`, and what was noted before it.
    void run();
    void ask_stop() noexcept { queue_.ask_stop(); }

    /// From any thread: nobody waits for `run` any more, and the metrics may be gone.
    void abandon() noexcept { abandoned_ = true; }

private:
    void push(Record record);
    void forget_absent();
    void hand_out(const Entry& entry, ViewerBits found);
    void tell_overdue();
    void flush();

    RecordQueue queue_;
    Audience audience_;
    Pairs pairs_;
    std::optional<Printer> printer_;
    sdk::Counter& dropped_;
    const sdk::Duration patience_;
    std::vector<std::shared_ptr<Viewer>> viewers_;  // of the batch that is being handed out
    std::uint64_t absences_ = 0;
    std::atomic<bool> abandoned_ = false;
};

}  // namespace shadowcat::watch
