// SPDX-License-Identifier: Apache-2.0
// RawClient: a blocking HTTP client for tests that says exactly what it is told, and waits seconds
// at most.
#pragma once

#include "descriptor.hpp"

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::http {

class Response {
public:
    int status = 0;
    std::map<std::string, std::string> fields;  // names in lower case
    std::string body;
    bool complete = false;

    std::string field(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? "" : found->second;
    }
};

class RawClient {
public:
    /// Connects to 127.0.0.1. A small receive buffer makes a slow reader.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);

    /// Has a socket, isn't connected.
    RawClient();
    void connect_to(std::uint16_t port);

    /// Speaks TLS from now on, whatever certificate the server shows; false when that fails.
    bool start_tls();

    /// The same, with what the test has set in `context`; resumes `session`, if it is given.
    bool start_tls(ssl_ctx_st* context, ssl_session_st* session = nullptr);

    /// The TLS session's inside, once it has begun; else null.
    ssl_st* tls() const noexcept { return tls_.get(); }

    /// `127.0.0.1:PORT`, as the peer sees it.
    std::string local_address() const;

    /// The port that the server sees.
    std::uint16_t own_port() const;

    bool connected() const noexcept { return socket_.valid(); }

    /// False when the peer has gone.
    bool send(std::string_view text);

    /// Says no more, still listens.
    void shutdown_send();

    /// The next response, with its whole body.
    Response read();

    /// The next response's head only; the body follows with `read_chunk`.
    Response read_head();

    /// The next chunk's payload; nothing at the end of the body or of the connection.
    std::optional<std::string> read_chunk();

    /// All that comes until the connection's end.
    std::string read_to_end();

    /// True when something, or the end, can be read within `milliseconds`.
    bool readable_within(int milliseconds) const;

    /// True when the peer ends the connection with nothing more to read.
    bool at_end();

    /// As `send` and `read`.
    Response ask(std::string_view text);

private:
    bool more();
    std::string take(std::size_t count);
    std::optional<std::string> line();
    void read_body(Response& response);

    Descriptor socket_;
    std::shared_ptr<ssl_st> tls_;  // shared for its deleter's sake
    std::string pending_;
};

}  // namespace shadowcat::http
