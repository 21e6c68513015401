// SPDX-License-Identifier: Apache-2.0
// StdioClient: an MCP client at the stdin and stdout of `shadowcat forward`, or of a server.
#pragma once

#include "http_client.hpp"
#include "process.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace integration {

class StdioClient {
public:
    explicit StdioClient(std::vector<std::string> command) : process_(std::move(command)) {}

    Process& process() noexcept { return process_; }

    void say(const Json& message) { process_.write(message.dump() + "\n"); }

    void request(const Json& id, std::string_view method, const Json& params = Json::object()) {
        say({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
    }

    void call_tool(const Json& id, std::string_view tool, const Json& arguments = Json::object(),
                   const Json& token = nullptr) {
        Json params = {{"name", tool}, {"arguments", arguments}};
        if (!token.is_null()) params["_meta"] = {{"progressToken", token}};
        request(id, "tools/call", params);
    }

    Json initialize(const Json& capabilities = Json::object()) {
        request("init", "initialize",
                {{"protocolVersion", "2025-11-25"},
                 {"capabilities", capabilities},
                 {"clientInfo", {{"name", "integration"}, {"version", "1"}}}});
        Json result = answer_to("init").at("result");
        say({{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
        return result;
    }

    /// The next message; throws `Impatient` at the end of stdout.
    Json next() {
        const auto line = process_.read_line();
        if (!line) throw Impatient("stdout ended; the log:\n" + process_.log());
        return Json::parse(*line);
    }

    /// What stood before it is kept in `heard`.
    Json answer_to(const Json& id) {
        for (;;) {
            Json message = next();
            if (!message.contains("method") && message.value("id", Json()) == id) return message;
            heard.push_back(std::move(message));
        }
    }

    Json wait_for(std::string_view method) {
        for (;;) {
            Json message = next();
            if (message.value("method", "") == method) return message;
            heard.push_back(std::move(message));
        }
    }

    /// End of stdin; gives how the process ended. What it still said is in `rest`.
    std::string finish() {
        process_.close_stdin();
        rest = process_.read_to_end();
        return process_.wait_exit();
    }

    std::vector<Json> heard;
    std::string rest;

private:
    Process process_;
};

}  // namespace integration
