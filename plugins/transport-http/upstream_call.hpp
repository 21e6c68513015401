// SPDX-License-Identifier: Apache-2.0
// UpstreamCall: one JSON-RPC request to an HTTP server, until its response was delivered.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"

#include "backoff.hpp"
#include "event_reader.hpp"
#include "upstream_answer.hpp"
#include "upstream_session.hpp"

namespace shadowcat::http {

/// On a link that several clients share, ids and progress tokens are ours on the way to the server
/// and the client's again on the way back; on an exclusive link nobody touches them.
class UpstreamCall {
public:
    UpstreamCall(UpstreamSession& session, Message request, ReplyStream& replies);

    /// As `Link::call`, without the cancellation.
    awaitable<Result<void>> perform();

    Interrupt& interrupt() noexcept { return activity_.interrupt; }

    /// The id that the server knows.
    const std::string& id() const noexcept { return id_; }

private:
    awaitable<Result<void>> take_body(ConnectionLease lease, AnswerVerdict verdict);
    awaitable<Result<void>> take_events(ConnectionLease first);
    awaitable<Result<ConnectionLease>> resume(EventReader& reader, Error ended);
    awaitable<> deliver(Message message);
    void rename();
    void restore(Message& message) const;
    Result<bool> is_response(Message& message, const ResponseHead& head);

    UpstreamSession& session_;
    ReplyStream& replies_;
    UpstreamSession::Activity activity_;
    Message request_;
    std::string id_;
    std::string client_id_, client_token_;  // only when they were replaced
    Backoff backoff_;
    bool is_initialize_;
    bool receiver_gone_ = false;
};

}  // namespace shadowcat::http
