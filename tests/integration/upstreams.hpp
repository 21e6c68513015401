// SPDX-License-Identifier: Apache-2.0
// What the tests of pools share: configurations of several upstreams, and what operators see.
#pragma once

#include "harness/process_table.hpp"
#include "harness/proxy_fixture.hpp"

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace integration {

/// Each of them one line of YAML, as `pool: { max: 1 }`.
using Keys = std::vector<std::string>;

inline std::string upstream_yaml(const std::string& name, const std::string& reached,
                                 const Keys& keys) {
    std::string yaml = "    - name: " + name + "\n      " + reached + "\n";
    for (const std::string& key : keys)
        yaml += "      " + key + "\n";
    return yaml;
}

inline std::string stdio_upstream(const std::string& name, const std::vector<std::string>& command,
                                  const Keys& keys = {}) {
    return upstream_yaml(name, "transport: stdio\n      command: " + Json(command).dump(), keys);
}

inline std::string http_upstream(const std::string& name, const std::string& url,
                                 const Keys& keys = {}) {
    return upstream_yaml(name, "transport: http\n      url: " + url, keys);
}

/// One worker, so that turns and spares are counted in one place, and admin pages.
inline ReverseProxy pool_of(const std::string& upstreams, const Keys& other = {}) {
    std::string yaml = "workers: 1\nadmin: { bind_address: \"127.0.0.1:0\" }\nreverse_proxy:\n";
    for (const std::string& key : other)
        yaml += "  " + key + "\n";
    return ReverseProxy::with_config(yaml + "  upstreams:\n" + upstreams);
}

/// What /upstreams says of one.
inline Json upstream_page(const ReverseProxy& proxy, const std::string& name) {
    const Json page = proxy.admin("/upstreams").json();
    for (const Json& each : page.at("upstreams"))
        if (each.at("name") == name) return each;
    throw Impatient("no upstream " + name);
}

inline bool upstream_becomes(const ReverseProxy& proxy, const std::string& name,
                             const std::string& state) {
    return eventually([&] { return upstream_page(proxy, name).at("state") == state; });
}

/// The value of one series, zero where there is none.
inline double metric(const ReverseProxy& proxy, const std::string& series) {
    const std::string page = '\n' + proxy.admin("/metrics").body;
    const std::size_t at = page.find('\n' + series + ' ');
    return at == std::string::npos ? 0 : std::atof(page.c_str() + at + series.size() + 2);
}

inline std::vector<pid_t> servers_of(ReverseProxy& proxy) {
    std::vector<pid_t> pids;
    for (const ProcessEntry& child : children_of(proxy.process().pid()))
        if (!child.is_zombie()) pids.push_back(child.pid);
    return pids;
}

inline int pid_of(McpClient& client) {
    return client.call_tool("whoami").at("result").at("structuredContent").at("pid");
}

inline Json initialize_params() {
    return {{"protocolVersion", "2025-11-25"},
            {"capabilities", Json::object()},
            {"clientInfo", {{"name", "integration"}, {"version", "1"}}}};
}

/// The words of a refusal.
inline std::string error_of(Messages& answer) {
    return answer.response().at("error").at("message").get<std::string>();
}

/// How often a fake HTTP server was asked for a method.
inline std::size_t times_asked(FakeHttpServer& server, const std::string& method) {
    const std::string log = server.process().log();
    const std::string line = "asked " + method + "\n";
    std::size_t count = 0;
    for (auto at = log.find(line); at != std::string::npos; at = log.find(line, at + 1))
        ++count;
    return count;
}

}  // namespace integration
