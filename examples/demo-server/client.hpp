// SPDX-License-Identifier: Apache-2.0
// The MCP client at the other end: what we send it, and what we ask it and wait for.
#pragma once

#include "json_rpc.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>

namespace demo {

/// Thrown where a wait ends because the request that needed it was cancelled.
class Cancelled {};

/// Any thread may call any member.
class Client {
public:
    using Send = std::function<void(const Json& message)>;

    explicit Client(Send send) : send_(std::move(send)) {}

    void send(const Json& message) { send_(message); }
    void notify(std::string_view method, Json params = Json::object());

    /// Sends a request to the client and waits for its answer: the result, or RpcError when the
    /// client refuses or never answers. Throws Cancelled when `stop` is requested first.
    Json ask(std::string_view method, Json params, const std::stop_token& stop);

    /// Hands in an answer that the client sent. One that nobody waits for is dropped.
    void deliver(const Json& response);

private:
    std::int64_t open();
    std::optional<Json> wait_for_answer(std::int64_t id, const std::stop_token& stop);

    Send send_;
    std::mutex mutex_;
    std::condition_variable_any answered_;
    std::map<std::int64_t, std::optional<Json>> waiting_;
    std::int64_t last_id_ = 0;
};

}  // namespace demo
