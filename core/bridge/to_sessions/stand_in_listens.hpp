// SPDX-License-Identifier: Apache-2.0
// StandInListens: the `subscriptions/listen` streams that one session feeds.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "core/bridge/to_sessions/listen_filter.hpp"
#include "core/bridge/to_sessions/turnstile.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace shadowcat::core {

class StandIn;

/// One stream: what is to be written to it, and whether it goes on.
class Listen {
public:
    /// More waiting messages are not kept. What waits already is not queued twice, so only a
    /// client that reads nothing and a server that invents resources come here.
    static constexpr std::size_t kMaxQueued = 1024;

    /// `listen_id`: of the client's request, as it stands in the text.
    Listen(std::string_view listen_id, ListenFilter asked)
        : id(listen_id), filter(std::move(asked)) {}

    /// Queues `notification` if it was asked for.
    void offer(const sdk::Message& notification);

    /// The session is over: what is queued is written, then the stream ends in good order.
    void end();

    /// The client has gone.
    void withdraw();

    const std::string id;
    ListenFilter filter;  ///< narrowed to what is honoured when it joins
    std::deque<sdk::Message> queue;
    sdk::Wakeup arrival;  ///< the stream's coroutine waits for more to do
    bool ended = false;
    bool withdrawn = false;
};

/// Keeps the session's own stream open while somebody listens, and the server's subscriptions to
/// what is asked for by all of them. A part of the stand-in, which outlives what runs here.
class StandInListens final : public sdk::ReplyStream {
public:
    StandInListens(StandIn& stand_in, std::size_t max_subscriptions)
        : stand_in_(stand_in), max_subscriptions_(max_subscriptions) {}

    /// Adds `listen` once the server has taken its subscriptions, narrowing its filter to what is
    /// honoured. It is offered what comes meanwhile.
    sdk::awaitable<> join(std::shared_ptr<Listen> listen);

    /// Removes it, and the subscriptions that no other listen has.
    sdk::awaitable<> leave(std::shared_ptr<Listen> listen);

    /// From now on the session's stream is open whoever listens: servers that know of one may ask
    /// there what belongs to a call.
    void keep_open();

    /// Gives everybody what he asked for of it.
    void offer(const sdk::Message& notification);

    /// All streams end.
    void end();

    // What the session says by itself.
    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override;

private:
    void read();
    static sdk::awaitable<> read_session(std::shared_ptr<StandIn> stand_in);
    sdk::awaitable<> subscribe(std::shared_ptr<Listen> listen);
    sdk::awaitable<bool> subscribe_to(const ListenFilter::Resource& resource);
    sdk::awaitable<> unsubscribe_from(const ListenFilter::Resource& resource);

    StandIn& stand_in_;
    const std::size_t max_subscriptions_;
    std::vector<std::shared_ptr<Listen>> listens_;
    std::unordered_map<std::string, std::size_t> subscribers_;  // by URI
    Turnstile changing_;                                        // subscriptions, one at a time
    bool kept_open_ = false;
    bool reading_ = false;
    bool stopped_ = false;  // by the last that left
};

}  // namespace shadowcat::core
