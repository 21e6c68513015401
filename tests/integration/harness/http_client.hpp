// SPDX-License-Identifier: Apache-2.0
// HttpClient: a blocking HTTP/1.1 client that says exactly what it is told and waits a bounded
// time.
#pragma once

#include "descriptor.hpp"
#include "patience.hpp"
#include "tls_channel.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace integration {

using Json = nlohmann::json;
using Headers = std::vector<std::pair<std::string, std::string>>;

/// The text of a request. Host and, where there is a body, Content-Length are added unless given.
std::string http_request(std::string_view method, std::string_view target, const Headers& headers,
                         std::string_view body = {});

/// The text of a POST as an MCP client sends it, with `extra` headers.
std::string mcp_post(std::string_view body, const Headers& extra = {},
                     std::string_view target = "/mcp");

class HttpResponse {
public:
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    std::string header(const std::string& name) const;
    Json json() const { return Json::parse(body); }
    bool is_event_stream() const { return header("content-type") == "text/event-stream"; }
};

/// One event of a text/event-stream.
class Event {
public:
    std::string id;
    std::string type;
    std::string data;
};

class HttpClient {
public:
    /// Connects to 127.0.0.1.
    explicit HttpClient(std::uint16_t port);

    /// The same over TLS; throws `TlsRefused`.
    HttpClient(std::uint16_t port, const TlsWish& wish);

    void send(std::string_view bytes);

    /// The next response with its whole body. Throws `Impatient`, also where the connection ends.
    HttpResponse read();

    /// As `send` and `read`.
    HttpResponse ask(std::string_view request);

    /// The next response without its body, which `read_body` or `next_event` go on with.
    HttpResponse read_head();
    void read_body(HttpResponse& response);

    /// The next event of the stream whose head was read; nothing at the stream's end.
    std::optional<Event> next_event();

    /// True when the peer ends the connection with nothing more to read.
    bool at_end();

    /// Says no more, still listens.
    void finish_sending();
    void close() { socket_.close(); }

    /// Only of a client that speaks TLS.
    const TlsChannel& tls() const { return *tls_; }

private:
    bool fill();
    std::size_t receive(char* into, std::size_t size);
    std::string take_line();
    std::string take(std::size_t count);
    std::optional<std::string> read_chunk();

    Descriptor socket_;
    std::unique_ptr<TlsChannel> tls_;
    std::string pending_;
    std::string events_;  // of the current stream, not parsed yet
};

}  // namespace integration
