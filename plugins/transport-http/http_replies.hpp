// SPDX-License-Identifier: Apache-2.0
// The ReplyStreams of the listener: what answers a POST, and what a GET listens to.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"
#include "shadowcat/sdk/stateless.hpp"

#include "event_stream.hpp"

#include <string>

namespace shadowcat::http {

/// Answers one POSTed request. The first message decides the form: a response becomes one JSON
/// body, anything else begins an event stream that ends with the response.
class HttpReplies final : public ReplyStream {
public:
    /// `session_id` is told to the client in a success, if it isn't empty (`initialize`).
    HttpReplies(HttpConnection& connection, std::string_view session_id, Era era = Era::session);

    /// Stateless clients get neither requests (`unsupported`) nor events to go back to.
    awaitable<Result<void>> write(Message message) override;
    awaitable<Result<void>> write_event(Message message, std::string_view event_id) override;

    /// Takes effect only if an event stream begins: one JSON body has no beginning to go back to.
    awaitable<Result<void>> prime(std::string_view event_id) override;
    awaitable<Result<void>> fail(Error error, Message response) override;
    int status() const noexcept override { return events_.is_open() ? 200 : status_; }
    std::uint64_t stream() const noexcept override { return connection_.stream(); }
    void sever() noexcept override { connection_.sever(); }

    /// Begins an event stream if nothing was said yet, for the sake of those in between who take
    /// silence for a loss. May run beside a write.
    awaitable<> begin();

    /// Ends the answer when no response came (`is_open`): the client cancelled.
    awaitable<> finish();
    bool is_open() const noexcept { return !responded_ && !connection_.lost(); }

    /// True when the client has got a result.
    bool succeeded() const noexcept { return succeeded_; }

private:
    awaitable<Result<void>> respond(int status, Message response, std::string_view event_id);
    awaitable<Result<void>> send(Message message, std::string_view event_id);
    bool try_send_body(int status, const Message& response);

    HttpConnection& connection_;
    EventStream events_;
    std::string session_field_;
    Era era_;
    int status_ = 0;
    bool responded_ = false;
    bool succeeded_ = false;
};

/// Passes on what a session says by itself, or the rest of a stream that was interrupted; ends
/// after a response.
class ListenReplies final : public ReplyStream {
public:
    explicit ListenReplies(EventStream& events) : events_(events) {}

    awaitable<Result<void>> write(Message message) override;
    awaitable<Result<void>> write_event(Message message, std::string_view event_id) override;
    awaitable<Result<void>> prime(std::string_view event_id) override;
    awaitable<Result<void>> fail(Error error, Message response) override;
    int status() const noexcept override { return events_.is_open() ? 200 : 0; }
    std::uint64_t stream() const noexcept override { return events_.connection().stream(); }
    void sever() noexcept override { events_.connection().sever(); }

private:
    EventStream& events_;
    bool responded_ = false;
};

}  // namespace shadowcat::http
