// SPDX-License-Identifier: Apache-2.0
// The MCP server itself: takes lines of text, finds out what each one wants, answers.
#pragma once

#include "client.hpp"
#include "identity.hpp"
#include "session.hpp"
#include "stateless.hpp"
#include "subscriptions.hpp"
#include "tools/toolbox.hpp"

#include <string>
#include <string_view>

namespace demo {

class Server {
public:
    /// `send` receives every message to the client; tools call it from their own threads.
    explicit Server(Client::Send send, Era era = Era::kBoth)
        : era_(era),
          client_(std::move(send)),
          subscriptions_(client_, session_),
          toolbox_(client_, session_, subscriptions_) {}

    void handle_line(std::string_view line);
    /// What the reader calls for a line that was too long to keep.
    void refuse_long_line();
    /// Cancels what is running and waits for it, tells listeners that this is the end; nothing is
    /// sent afterwards.
    void stop() {
        toolbox_.stop();
        subscriptions_.end_all();
    }

private:
    void handle_batch(const Json& messages);
    void handle(const Json& message);
    void handle_request(const Json& request);
    void handle_notification(const Json& notification);
    bool belongs_to_session(const Json& request) const;
    void serve_in_session(const Json& request);
    void serve_stateless(const Json& request);
    Json session_result(const std::string& method, const Json& params);
    Json stateless_answer(const std::string& method, const Json& params) const;
    Json common_result(const std::string& method, const Json& params, int not_found) const;
    Json initialize(const Json& params);
    Json discover() const;

    Era era_;
    Client client_;
    Session session_;
    Subscriptions subscriptions_;
    Toolbox toolbox_;
};

}  // namespace demo
