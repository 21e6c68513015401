// SPDX-License-Identifier: Apache-2.0
// Takes the difference, gives back the sum.
#include "body_allowance.hpp"

namespace shadowcat::http {

bool BodyAllowance::try_cover(std::uint64_t bytes) noexcept {
    if (bytes <= held_) return true;
    const std::uint64_t more = bytes - held_;
    const bool overtakes = bytes <= kSmall && quota_.used() + more <= quota_.limit();
    if (overtakes) quota_.take_anyway(more);
    if (!overtakes && !quota_.try_take(more)) return false;
    held_ = bytes;
    return true;
}

awaitable<bool> BodyAllowance::cover(Worker& here, std::uint64_t bytes, Duration limit) {
    Cancellation cancellation;
    waiting_ = &cancellation;
    const Result<void> taken = co_await quota_.take(here, bytes - held_, limit, waiting_);
    waiting_ = nullptr;
    if (taken.has_value()) held_ = bytes;
    co_return taken.has_value();
}

void BodyAllowance::interrupt() {
    if (waiting_) waiting_->request(Error(ErrorCode::closed, "the connection is closed"));
}

void BodyAllowance::release() noexcept {
    if (held_ != 0) quota_.give(std::exchange(held_, 0));
}

}  // namespace shadowcat::http
