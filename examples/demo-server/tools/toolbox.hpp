// SPDX-License-Identifier: Apache-2.0
// All the tools: lists them and runs calls, those that wait in the background.
#pragma once

#include "tool.hpp"

#include <memory>

namespace demo {

class Toolbox {
public:
    Toolbox(Client& client, Session& session, Subscriptions& subscriptions);

    Json list() const;
    /// Answers `request` now or later; RpcError for an unknown tool or malformed parameters.
    void call(const Json& request, Terms terms);
    void cancel(const Json& request_id) { background_.cancel(request_id); }
    /// Cancels every call that is still running and waits for it.
    void stop() { background_.stop_all(); }

private:
    const Tool& find(const std::string& name) const;
    bool is_listed(const Tool& tool) const;
    void run(const Tool& tool, Call& call, const Json& arguments);

    Client& client_;
    Session& session_;
    Subscriptions& subscriptions_;
    std::vector<Tool> tools_;
    BackgroundCalls background_;
};

}  // namespace demo
