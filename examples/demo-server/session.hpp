// SPDX-License-Identifier: Apache-2.0
// What the server remembers about its one client: revision, abilities, wishes, counters.
#pragma once

#include "json_rpc.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace demo {

/// Where a log level stands among the others; RpcError for one that MCP doesn't have.
std::size_t log_rank(const std::string& level);

/// Whether a client can what `name` says. Of elicitation, we need the one with a form.
bool declares(const Json& client_capabilities, std::string_view name);

/// Any thread may call any member.
class Session {
public:
    Session();

    /// Takes revision and capabilities from the parameters of `initialize`.
    void open(const Json& params);

    /// Notes that a client of a session is there, with `initialize` or without.
    void note_use();
    bool in_use() const;

    /// The revision agreed on; the latest before `initialize`.
    std::string revision() const;
    bool client_can(std::string_view capability) const;

    /// Throws RpcError for a level that MCP doesn't have.
    void set_log_level(const std::string& level);
    bool wants_log(const std::string& level) const;

    void subscribe(const std::string& uri);
    void unsubscribe(const std::string& uri);
    bool is_subscribed(const std::string& uri) const;

    std::int64_t count_request();
    std::int64_t requests_served() const;

    std::int64_t counter() const;
    std::int64_t add_to_counter(std::int64_t amount);

    /// Whether the tool `bonus` exists at the moment.
    bool has_bonus() const;
    bool toggle_bonus();

private:
    mutable std::mutex mutex_;
    bool in_use_ = false;
    std::string revision_;
    Json client_capabilities_ = Json::object();
    std::size_t log_level_ = 0;
    std::set<std::string> subscriptions_;
    std::int64_t requests_ = 0;
    std::int64_t counter_ = 0;
    bool bonus_ = false;
};

}  // namespace demo
