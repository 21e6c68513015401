// SPDX-License-Identifier: Apache-2.0
// PlayedCall: one call of a client while it is answered from a tape.
#pragma once

#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "replay/exchange_index.hpp"
#include "replay/readdress.hpp"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace shadowcat::tape {

/// Lives on the call's coroutine. Whatever it waits for, `wake` makes it look again.
class PlayedCall {
public:
    PlayedCall(sdk::Worker& worker, const sdk::Message& request, sdk::ReplyStream& to,
               sdk::Cancellation& cancel)
        : ids(request), replies(to), cancellation(cancel), timer_(worker.executor()) {
        cancellation.on_request([this] { wake(); });
    }
    ~PlayedCall() { cancellation.on_request({}); }
    PlayedCall(const PlayedCall&) = delete;
    PlayedCall& operator=(const PlayedCall&) = delete;

    void wake() { timer_.cancel(); }

    /// Ends it with this error, unless the client has ended it itself.
    void fail(const sdk::Error& error) {
        failure_ = error;
        wake();
    }

    bool over() const noexcept { return cancellation.requested() || failure_.has_value(); }
    sdk::Error why() const { return cancellation.requested() ? cancellation.reason() : *failure_; }

    /// Waits until `due`, or until somebody wakes it.
    sdk::awaitable<> nap(sdk::TimePoint due) {
        timer_.expires_at(due);
        co_await timer_.async_wait(sdk::as_tuple);
    }

    /// Waits until `due`, or until it is over.
    sdk::awaitable<> wait_until(sdk::TimePoint due) {
        while (!over() && sdk::Clock::now() < due)
            co_await nap(due);
    }

    /// Writes unless the client has gone: the replay then goes on without it.
    sdk::awaitable<> write(sdk::Message message) {
        if (gone_) co_return;
        const sdk::Result<void> written = co_await replies.write(std::move(message));
        gone_ = written.has_error();
    }
    bool gone() const noexcept { return gone_; }

    CallIds ids;
    sdk::ReplyStream& replies;
    sdk::Cancellation& cancellation;

    std::uint32_t exchange = kNoExchange;                  ///< that is replayed
    std::unordered_map<std::string, std::uint32_t> asked;  ///< question ids, by what step
    std::set<std::uint32_t> answered;                      ///< questions, by step
    std::deque<sdk::Message> arrived;                      ///< for a listen, from other exchanges

private:
    sdk::Timer timer_;
    std::optional<sdk::Error> failure_;
    bool gone_ = false;
};

}  // namespace shadowcat::tape
