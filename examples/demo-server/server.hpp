// SPDX-License-Identifier: Apache-2.0
// The MCP server itself: takes lines of text, finds out what each one wants, answers.
#pragma once

#include "client.hpp"
#include "session.hpp"
#include "tools/toolbox.hpp"

#include <string_view>

namespace demo {

class Server {
public:
    /// `send` receives every message to the client; tools call it from their own threads.
    explicit Server(Client::Send send) : client_(std::move(send)), toolbox_(client_, session_) {}

    void handle_line(std::string_view line);
    /// What the reader calls for a line that was too long to keep.
    void refuse_long_line();
    /// Cancels what is running and waits for it; nothing is sent afterwards.
    void stop() { toolbox_.stop(); }

private:
    void handle_batch(const Json& messages);
    void handle(const Json& message);
    void handle_request(const Json& request);
    void handle_notification(const Json& notification);
    Json result_for(const Json& request);
    Json initialize(const Json& params);

    Client client_;
    Session session_;
    Toolbox toolbox_;
};

}  // namespace demo
