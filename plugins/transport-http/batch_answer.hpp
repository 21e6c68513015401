// SPDX-License-Identifier: Apache-2.0
// What answers a batch: its responses as one array, or an event stream for all of its requests.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "event_stream.hpp"

#include <deque>
#include <string>
#include <vector>

namespace shadowcat::http {

/// Coroutines of one worker, one after the other, in the order in which they came.
class Queue {
public:
    /// Waits for its turn.
    awaitable<> enter();

    /// Gives the turn to the next.
    void leave();

private:
    std::deque<Wakeup*> waiting_;
    bool taken_ = false;
};

/// On the connection's worker. The first message that is no response begins an event stream, which
/// ends with the batch. Events have no ids: the stream is of no single request that could be
/// resumed.
class BatchAnswer {
public:
    explicit BatchAnswer(HttpConnection& connection)
        : connection_(connection), events_(connection) {}

    /// Takes what answers one of the requests; completes when it is written, or kept for the array.
    awaitable<Result<void>> take(Message message);

    /// Every request has been performed. A single response is no array (as SDKs have it).
    awaitable<> finish();

    HttpConnection& connection() const noexcept { return connection_; }

private:
    awaitable<bool> send(Message message);
    std::string body() const;

    HttpConnection& connection_;
    EventStream events_;
    std::vector<Message> responses_;  // not written yet
    Queue writers_;
    bool streams_ = false;
};

/// What answers one request of a batch.
class BatchReplies final : public ReplyStream {
public:
    explicit BatchReplies(BatchAnswer& answer) : answer_(answer) {}

    awaitable<Result<void>> write(Message message) override {
        return answer_.take(std::move(message));
    }
    awaitable<Result<void>> fail(Error, Message response) override {
        return answer_.take(std::move(response));
    }
    int status() const noexcept override { return 200; }
    std::uint64_t stream() const noexcept override { return answer_.connection().stream(); }
    void sever() noexcept override { answer_.connection().sever(); }

private:
    BatchAnswer& answer_;
};

}  // namespace shadowcat::http
