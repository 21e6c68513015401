// SPDX-License-Identifier: Apache-2.0
// Waiting in line, and saying why in vain.
#include "core/upstream/upstream_wait.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

std::string seconds(sdk::Duration limit) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(limit).count()) + " s";
}

}  // namespace

UpstreamWait::UpstreamWait(sdk::Worker& worker, UpstreamWaits& all, sdk::Cancellation* client,
                           sdk::Duration limit)
    : worker_(worker),
      all_(all),
      client_(client),
      entry_(all.waits_.insert(all.waits_.end(), &ended_)),
      limit_(limit),
      deadline_(sdk::Clock::now() + limit) {
    if (client_) client_->on_request([this] { ended_.request(client_->reason()); });
}

UpstreamWait::~UpstreamWait() {
    if (client_) client_->on_request({});
    all_.waits_.erase(entry_);
}

sdk::awaitable<sdk::Result<void>> UpstreamWait::take(sdk::Quota& quota, std::uint64_t amount,
                                                     std::string full) {
    const sdk::Duration left = std::max(deadline_ - sdk::Clock::now(), sdk::Duration(0));
    const sdk::Result<void> taken = co_await quota.take(worker_, amount, left, &ended_);
    if (taken.has_value()) co_return taken;
    if (ended_.requested()) co_return sdk::Error(ended_.reason()).mark_nothing_sent();
    const std::string why = taken.error().code() == sdk::ErrorCode::timed_out
                                ? full + ", for longer than " + seconds(limit_)
                                : full + ", and too many wait already";
    co_return sdk::upstream_error(sdk::ErrorCode::unavailable, why).mark_nothing_sent();
}

sdk::awaitable<sdk::Result<void>> UpstreamWait::until(sdk::TimePoint time) {
    sdk::Timer timer(worker_.context());
    timer.expires_at(time);
    ended_.on_request([&timer] { timer.cancel(); });
    if (!ended_.requested()) co_await timer.async_wait(sdk::as_tuple);
    ended_.on_request({});
    if (ended_.requested()) co_return sdk::Error(ended_.reason()).mark_nothing_sent();
    co_return sdk::Result<void>();
}

}  // namespace shadowcat::core
