// SPDX-License-Identifier: Apache-2.0
// EventReader: the messages of a server's event stream, across the connections that carry it.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "sse_codec.hpp"
#include "upstream_connection.hpp"

#include <optional>

namespace shadowcat::http {

class EventReader {
public:
    EventReader(const UpstreamTarget& target, const ParseLimits& limits);

    /// The next JSON-RPC message on `connection`, whose answer is an event stream. Events of other
    /// types and without data are skipped. Fails with `parse` or `invalid_request` for an event
    /// that is no message (the next may be); with `closed` at the end of the stream, `crashed` when
    /// the connection broke, `protocol` or `too_large`, for good.
    awaitable<Result<Message>> next(UpstreamConnection& connection);

    /// The next event of any type, as it is; fails as `next` does, but never for what it holds.
    awaitable<Result<SseEvent>> next_event(UpstreamConnection& connection);

    /// The stream goes on on another connection.
    void restart();

    /// The stream goes on after an event that another reader read; empty forgets.
    void resume_after(std::string id) { parser_.set_last_event_id(std::move(id)); }

    /// What to resume from; empty when the server named no event.
    const std::string& last_event_id() const noexcept { return parser_.last_event_id(); }
    std::optional<std::uint64_t> retry_ms() const noexcept { return parser_.retry_ms(); }

private:
    /// Nothing when there is none in what was read so far.
    template <class T>
    using Found = std::optional<Result<T>>;

    Found<Message> find_message(UpstreamConnection& connection);
    Found<SseEvent> find_event(UpstreamConnection& connection);
    void tell(ObservedRequest& observed, const SseEvent& event) const;

    const UpstreamTarget& target_;
    ParseLimits limits_;
    SseParser parser_;
    std::size_t consumed_ = 0;  // of the connection's body
};

}  // namespace shadowcat::http
