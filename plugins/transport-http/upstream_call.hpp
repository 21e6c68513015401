// SPDX-License-Identifier: Apache-2.0
// UpstreamCall: one JSON-RPC request to an HTTP server, until its response was delivered.
#pragma once

#include "shadowcat/sdk/reply_stream.hpp"

#include "backoff.hpp"
#include "call_names.hpp"
#include "event_reader.hpp"
#include "stateless_scope.hpp"
#include "upstream_answer.hpp"
#include "upstream_session.hpp"

namespace shadowcat::http {

/// On a link that several clients share, ids and progress tokens are ours on the way to the server
/// and the client's again on the way back; on an exclusive link nobody touches them.
///
/// A stateless request carries headers that mirror it and none of the session; its stream ends with
/// its connection, and only what concerns the request is taken from it.
class UpstreamCall {
public:
    UpstreamCall(UpstreamSession& session, Message request, ReplyStream& replies);

    /// As `Link::call`, without the cancellation.
    awaitable<Result<void>> perform();

    Interrupt& interrupt() noexcept { return activity_.interrupt; }

    /// The id that the server knows.
    const std::string& id() const noexcept { return names_.id(); }

private:
    awaitable<Result<ConnectionLease>> ask();
    Result<Message> take_body(ConnectionLease lease, AnswerVerdict verdict,
                              const Result<void>& read);
    awaitable<bool> correct(const Message& refusal);
    awaitable<Result<void>> take_events(ConnectionLease first);
    awaitable<Result<ConnectionLease>> resume(EventReader& reader, Error ended);
    void prepare(Message& message);
    Error give_up(ConnectionLease lease, const Error& why);
    Result<bool> is_response(Message& message, const ResponseHead& head);
    bool may_be_delivered(const Message& message) const;

    UpstreamSession& session_;
    ReplyStream& replies_;
    UpstreamSession::Activity activity_;
    Message request_;  // empty once it is certain that it isn't sent again
    CallNames names_;
    StatelessScope scope_;
    std::string mirror_;  // the headers that it was sent with
    Backoff backoff_;
    bool is_stateless_;
    bool is_initialize_ = false, is_listen_ = false;
    bool calls_tool_ = false, lists_tools_ = false;  // statelessly
    bool corrected_ = false;
    bool receiver_gone_ = false;
};

}  // namespace shadowcat::http
