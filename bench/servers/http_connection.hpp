// SPDX-License-Identifier: Apache-2.0
// One client's connection to bench-http-server.
#pragma once

#include "../wire/buffer.hpp"
#include "../wire/http_reader.hpp"
#include "../wire/sockets.hpp"
#include "answers.hpp"

#include <string_view>

namespace bench {

/// Reads what has come, answers all requests that are whole, and sends all answers with one write.
class HttpConnection {
public:
    explicit HttpConnection(Descriptor socket) : socket_(std::move(socket)) {}

    int fd() const { return socket_.get(); }

    /// After readiness; false when the connection is over.
    bool proceed();

    /// Answers wait for the peer to read: tell `proceed` when it can be written again.
    bool is_blocked() const { return !out_.empty(); }

private:
    bool read_some();
    void answer_requests();
    void answer_request();
    void answer_post();
    void add_head(int status, std::string_view fields, std::size_t length);
    void add_events(const Answer& answer);
    void add_event(const Pieces& message);
    void begin_events();
    bool write_some();
    void continue_if_expected();

    Descriptor socket_;
    HttpReader reader_{HttpReader::Kind::kRequests};
    Buffer in_;
    Buffer out_;
    bool closing_ = false;    ///< Once `out_` is sent.
    bool chunked_ = true;     ///< Of this request's events: HTTP/1.0 knows no chunks.
    bool continued_ = false;  ///< The client was told to send its body.
};

}  // namespace bench
