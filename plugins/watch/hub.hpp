// SPDX-License-Identifier: Apache-2.0
// Hub: what the instances of one `watch` on all workers have in common.
#pragma once

#include "shadowcat/sdk/control.hpp"
#include "shadowcat/sdk/interceptor.hpp"
#include "shadowcat/sdk/metrics.hpp"

#include "options.hpp"
#include "traffic_view.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

namespace shadowcat::watch {

/// Owns the thread that shows, which begins when somebody first looks at something, and serves the
/// control verb `watch`. Thread-safe.
class Hub : public std::enable_shared_from_this<Hub> {
public:
    Hub(const Options& options, sdk::Metrics& metrics);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// Lets viewers attach; once, after it was made.
    void serve(sdk::ControlHost& control);

    /// Whether anybody looks: what costs something when nobody does.
    bool watched() const noexcept { return view_->audience().present(); }

    void note(const sdk::Message& message, const sdk::MessageContext& context,
              std::size_t worker) noexcept;
    void note(const sdk::TransportEvent& event) noexcept;

    sdk::Result<std::shared_ptr<Viewer>> attach(Filter filter);
    void detach(const std::shared_ptr<Viewer>& viewer);

    /// Viewers are told to go; from now on nobody attaches.
    void end_viewers() noexcept { ending_ = true; }
    bool ending() const noexcept { return ending_; }

private:
    void start_thread() noexcept;
    bool finished_within(sdk::Duration limit) const;

    std::shared_ptr<TrafficView> view_;  // shared with the thread, which a terminal may hold longer
    std::atomic<bool> ending_ = false;
    std::atomic<bool> started_ = false;
    std::mutex starting_;
    std::thread thread_;
    std::future<void> finished_;
    std::shared_ptr<void> verb_;
};

}  // namespace shadowcat::watch
