// SPDX-License-Identifier: Apache-2.0
// EventStream: one `text/event-stream` response, chunked where the client knows chunks.
#pragma once

#include "http_connection.hpp"

#include <string>
#include <string_view>

namespace shadowcat::http {

/// At most one per response. Nothing is sent before `open` or the first `send`. Holds no memory
/// between two calls.
class EventStream {
public:
    explicit EventStream(HttpConnection& connection) : connection_(connection) {}

    bool is_open() const noexcept { return open_; }
    HttpConnection& connection() const noexcept { return connection_; }

    /// Header lines beside the usual ones, for the head that isn't sent yet.
    void add_fields(std::string_view fields) { fields_ = fields; }

    /// Sends the head at once.
    awaitable<bool> open();

    /// Names the stream's beginning: an event with `id` and no data. Sent at once on an open
    /// stream; else remembered, and sent in front of the first event if one ever comes.
    awaitable<bool> prime(std::string_view id);

    /// Sends one event, behind the head if that is due. `json` is on one line. The last event ends
    /// the response too. An `id` that a client could not send back (`is_event_id`) is left out.
    awaitable<bool> send(std::string_view json, bool last, std::string_view id = {});

    /// Sends an event of another `type` than messages have. Its `data` is on one line.
    awaitable<bool> announce(std::string_view type, std::string_view data);

    /// Ends the response; without any event it was an empty stream.
    awaitable<bool> close();

private:
    bool is_chunked() const noexcept { return !connection_.head().http_1_0; }
    std::string begin_text();
    void tell_event(std::string_view id, std::string_view name, std::size_t bytes);
    void append_head(std::string& out);
    void append_priming(std::string& out);
    awaitable<bool> write(std::string_view before, std::string_view json, std::string_view after);

    HttpConnection& connection_;
    std::string_view fields_;
    std::string priming_id_;  // until it is sent
    bool open_ = false;
    bool closed_ = false;
};

}  // namespace shadowcat::http
