// SPDX-License-Identifier: Apache-2.0
// McpClient: one client session over Streamable HTTP, as far as tests need it.
#pragma once

#include "http_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace integration {

/// The messages of one HTTP answer, JSON or event stream, one by one.
class Messages {
public:
    /// `request` is sent at once; the answer is read by the first call that needs it.
    Messages(HttpClient client, std::string_view request);

    const HttpResponse& head();

    /// The next message; nothing behind the last one.
    std::optional<Json> next();

    /// The first message with this method. What stood before it is kept in `heard`.
    Json wait_for(std::string_view method);

    /// The message that ends the exchange. What stood before it is kept in `heard`.
    Json response();

    /// Leaves without waiting for the rest.
    void disconnect() { client_.close(); }

    std::vector<Json> heard;

private:
    HttpClient client_;
    std::optional<HttpResponse> head_;
    bool over_ = false;
};

class McpClient {
public:
    explicit McpClient(std::uint16_t port, std::string path = "/mcp");

    /// `initialize` and `notifications/initialized`; gives the result.
    Json initialize(const Json& capabilities = Json::object(),
                    const std::string& version = "2025-11-25");

    /// Ids count from 1, the one of `initialize`.
    std::string next_request(std::string_view method, const Json& params = nullptr);
    Json last_id() const { return last_id_; }

    /// Sends a request on a connection of its own.
    Messages begin(std::string_view method, const Json& params = nullptr);
    Messages begin_tool(std::string_view tool, const Json& arguments = Json::object(),
                        const Json& progress_token = nullptr);

    /// As `begin`, and waits for the response.
    Json ask(std::string_view method, const Json& params = nullptr);
    Json call_tool(std::string_view tool, const Json& arguments = Json::object());

    /// Any body at all, on the session's own keep-alive connection.
    HttpResponse post(std::string_view body);
    HttpResponse notify(std::string_view method, const Json& params = nullptr);
    HttpResponse respond(const Json& id, const Json& result);

    /// The stream of messages that belong to no request.
    Messages listen();

    /// DELETE.
    HttpResponse end();

    /// Goes on with a session that was opened by other means.
    void adopt(std::string session, std::string version);

    /// What every request of this session carries.
    Headers headers() const;
    const std::string& session() const noexcept { return session_; }
    std::uint16_t port() const noexcept { return port_; }

private:
    std::uint16_t port_;
    std::string path_;
    std::string session_;
    std::string version_;
    Json last_id_ = 0;
    HttpClient connection_;
};

/// The text of a tool result's only content.
std::string text_of(const Json& response);

}  // namespace integration
