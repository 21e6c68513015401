// SPDX-License-Identifier: Apache-2.0
// Who hears of changes: the session, and every open request of subscriptions/listen.
#pragma once

#include "client.hpp"
#include "json_rpc.hpp"
#include "session.hpp"

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace demo {

/// Any thread may call any member. A listener hears nothing more once it is cancelled.
class Subscriptions {
public:
    Subscriptions(Client& client, Session& session) : client_(client), session_(session) {}

    /// Acknowledges what of the request can be honoured and keeps it open.
    void listen(const Json& request);
    /// Ids that don't listen are ignored.
    void cancel(const Json& id);
    /// Ends every listener as a server does that has no more to say.
    void end_all();

    void tools_changed();
    void resource_updated(const std::string& uri);

private:
    struct Listener {
        Json id;
        bool hears_tools = false;
        std::vector<std::string> uris;
    };

    Listener listener_for(const Json& request) const;
    void send(const Listener& listener, std::string_view method, Json params);

    Client& client_;
    Session& session_;
    std::mutex mutex_;
    std::list<Listener> listeners_;
};

}  // namespace demo
