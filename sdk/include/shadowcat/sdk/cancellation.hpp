// SPDX-License-Identifier: Apache-2.0
// Cancellation: how whoever owns an exchange tells whoever performs it to stop.
#pragma once

#include "shadowcat/sdk/error.hpp"
#include "shadowcat/sdk/message.hpp"

#include <functional>
#include <optional>
#include <utility>

namespace shadowcat::sdk::inline v1 {

/// One per call, owned by the exchange, alive until the call has completed. Single-threaded. The
/// performer registers what to do; the owner requests, at most once.
class Cancellation {
public:
    using Callback = std::function<void()>;

    Cancellation() = default;
    Cancellation(const Cancellation&) = delete;
    Cancellation& operator=(const Cancellation&) = delete;

    /// Asks the performer to stop. `notice` is the client's own `notifications/cancelled`, if that
    /// is the reason. Later requests are ignored. Runs the callback before it returns.
    void request(Error reason, std::optional<Message> notice = std::nullopt) {
        if (reason_) return;
        reason_ = std::move(reason);
        notice_ = std::move(notice);
        if (callback_) callback_();
    }

    bool requested() const noexcept { return reason_.has_value(); }

    /// Why; only once `requested()`.
    const Error& reason() const noexcept { return *reason_; }

    /// The client's cancellation message, to be passed on with the id the upstream knows.
    std::optional<Message>& notice() noexcept { return notice_; }

    /// What to run on a request; replaces the former. Runs at once if already requested. Give an
    /// empty one before whatever it refers to goes away.
    void on_request(Callback callback) {
        callback_ = std::move(callback);
        if (requested() && callback_) callback_();
    }

private:
    Callback callback_;
    std::optional<Error> reason_;
    std::optional<Message> notice_;
};

}  // namespace shadowcat::sdk::inline v1
