// SPDX-License-Identifier: Apache-2.0
// For tests: a client that talks to a Server in this process and keeps what it hears.
#pragma once

#include "server.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <vector>

namespace demo {

/// `params` with a `_meta` that makes them those of a stateless request.
inline Json stateless_params(Json params = Json::object()) {
    Json meta = {{"io.modelcontextprotocol/protocolVersion", kStatelessRevision},
                 {"io.modelcontextprotocol/clientCapabilities", Json::object()}};
    meta.update(params.value("_meta", Json::object()));
    params["_meta"] = std::move(meta);
    return params;
}

inline Json client_capabilities(std::initializer_list<const char*> names) {
    Json capabilities = Json::object();
    for (const char* name : names)
        capabilities[name] = Json::object();
    return {{"io.modelcontextprotocol/clientCapabilities", std::move(capabilities)}};
}

inline Json log_level(std::string_view level) {
    return {{"io.modelcontextprotocol/logLevel", level}};
}

class Conversation {
public:
    using Matches = std::function<bool(const Json&)>;

    explicit Conversation(Era era = Era::kBoth)
        : server_([this](const Json& message) { hear(message); }, era) {}

    void say(const Json& message) { server_.handle_line(message.dump()); }
    void say_raw(std::string_view line) { server_.handle_line(line); }
    void stop() { server_.stop(); }

    /// Sends a request and waits for its whole answer.
    Json ask(const Json& id, std::string_view method, Json params = Json::object()) {
        say(make_request(id, method, std::move(params)));
        return answer_to(id);
    }

    Json call_tool(const Json& id, std::string_view name, Json arguments = Json::object()) {
        return ask(id, "tools/call", {{"name", name}, {"arguments", std::move(arguments)}});
    }

    /// Sends a request of revision 2026-07-28 and waits for its answer. A member of `params` that
    /// is called `_meta` is added to what must be there.
    Json ask_stateless(const Json& id, std::string_view method, Json params = Json::object()) {
        return ask(id, method, stateless_params(std::move(params)));
    }

    Json call_stateless(const Json& id, std::string_view name, Json arguments = Json::object(),
                        Json meta = Json::object()) {
        return ask_stateless(
            id, "tools/call",
            {{"name", name}, {"arguments", std::move(arguments)}, {"_meta", std::move(meta)}});
    }

    Json answer_to(const Json& id) {
        return wait_for(
            [&](const Json& m) { return !m.contains("method") && m.value("id", Json()) == id; });
    }

    Json wait_for_method(std::string_view method) {
        return wait_for([&](const Json& m) { return m.value("method", Json()) == method; });
    }

    std::vector<Json> heard() {
        const std::lock_guard lock(mutex_);
        return heard_;
    }

private:
    void hear(const Json& message) {
        const std::lock_guard lock(mutex_);
        heard_.push_back(message);
        news_.notify_all();
    }

    Json wait_for(const Matches& matches) {
        constexpr std::chrono::seconds kPatience{20};
        std::unique_lock lock(mutex_);
        Json found;
        const bool came = news_.wait_for(lock, kPatience, [&] {
            for (const Json& message : heard_) {
                if (!matches(message)) continue;
                found = message;
                return true;
            }
            return false;
        });
        REQUIRE_MESSAGE(came, "the expected message never came");
        return found;
    }

    std::mutex mutex_;
    std::condition_variable news_;
    std::vector<Json> heard_;
    Server server_;
};

inline Json initialize_params(std::string_view revision, Json capabilities = Json::object()) {
    return {{"protocolVersion", revision},
            {"capabilities", std::move(capabilities)},
            {"clientInfo", {{"name", "test"}, {"version", "1"}}}};
}

inline std::string text_of(const Json& answer) {
    return answer.at("result").at("content").at(0).at("text").get<std::string>();
}

inline int error_code_of(const Json& answer) { return answer.at("error").at("code").get<int>(); }

}  // namespace demo
