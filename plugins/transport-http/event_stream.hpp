// SPDX-License-Identifier: Apache-2.0
// EventStream: one `text/event-stream` response, chunked where the client knows chunks.
#pragma once

#include "http_connection.hpp"

#include <string>
#include <string_view>

namespace shadowcat::http {

/// At most one per response. Nothing is sent before `open` or the first `send`.
class EventStream {
public:
    explicit EventStream(HttpConnection& connection) : connection_(connection) {}

    bool is_open() const noexcept { return open_; }

    /// Header lines beside the usual ones, for the head that isn't sent yet.
    void add_fields(std::string_view fields) { fields_ = fields; }

    /// Sends the head at once.
    awaitable<bool> open();

    /// Sends one event, behind the head if that is due. `json` is on one line. The last event ends
    /// the response too.
    awaitable<bool> send(std::string_view json, bool last);

    /// Ends the response; without any event it was an empty stream.
    awaitable<bool> close();

private:
    void append_head(std::string& out);
    awaitable<bool> write(std::string_view before, std::string_view json, std::string_view after);

    HttpConnection& connection_;
    std::string_view fields_;
    std::string scratch_;
    bool open_ = false;
    bool closed_ = false;
};

}  // namespace shadowcat::http
