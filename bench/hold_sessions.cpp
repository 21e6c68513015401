// SPDX-License-Identifier: Apache-2.0
// Holds many idle sessions, then many open GET streams, and prints what each costs the proxy.
// usage: hold-sessions [SESSIONS] [STREAMS] [shared|http]
#include "harness/proxy_fixture.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <vector>

using namespace integration;

namespace {

/// `VmRSS` in bytes.
double resident(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) * 1024;
    }
    return 0;
}

std::string config(const std::string& upstream, std::size_t sessions) {
    return "reverse_proxy:\n  session: { timeout_secs: 3600, max_sessions: " +
           std::to_string(2 * sessions) +
           " }\n  limits: { max_connections: 100000, idle_timeout_secs: 3600 }\n  upstreams:\n"
           "    - name: primary\n" +
           upstream;
}

void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

constexpr auto kInitialize =
    R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}})";

/// Opens a session over `connection`; its id.
std::string open_session(HttpClient& connection) {
    const HttpResponse response = connection.ask(mcp_post(kInitialize));
    if (response.status != 200) throw Impatient("initialize: " + response.body);
    const std::string id = response.header("mcp-session-id");
    const Headers headers = {{"Mcp-Session-Id", id}, {"MCP-Protocol-Version", "2025-06-18"}};
    connection.ask(mcp_post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", headers));
    return id;
}

class Opened {
public:
    std::vector<std::string> ids;
    void open(std::uint16_t port, std::size_t count) {
        HttpClient connection(port);
        for (std::size_t i = 0; i < count; ++i)
            ids.push_back(open_session(connection));
    }
};

HttpClient listen(std::uint16_t port, const std::string& id) {
    HttpClient client(port);
    client.send(http_request("GET", "/mcp",
                             {{"Accept", "text/event-stream"},
                              {"Mcp-Session-Id", id},
                              {"MCP-Protocol-Version", "2025-06-18"}}));
    const HttpResponse head = client.read_head();
    if (head.status != 200) throw Impatient("GET: " + std::to_string(head.status));
    return client;
}

void measure(ReverseProxy& proxy, std::size_t sessions, std::size_t streams) {
    const pid_t pid = proxy.process().pid();
    Opened opened;
    opened.open(proxy.port(), std::min<std::size_t>(sessions / 10, 500));  // warm up
    const double before = resident(pid);
    opened.open(proxy.port(), sessions);
    const double held = resident(pid);
    std::printf("%zu idle sessions: %.0f bytes each (proxy %.1f -> %.1f MiB)\n", sessions,
                (held - before) / static_cast<double>(sessions), before / 1048576, held / 1048576);
    std::vector<HttpClient> listeners;
    for (std::size_t i = 0; i < streams; ++i)
        listeners.push_back(listen(proxy.port(), opened.ids[i]));
    const double streaming = resident(pid);
    std::printf("%zu open GET streams: %.0f bytes each (proxy %.1f MiB)\n", streams,
                (streaming - held) / static_cast<double>(streams), streaming / 1048576);
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t sessions = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
    const std::size_t streams = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000;
    const bool http = argc > 3 && std::string(argv[3]) == "http";
    allow_many_descriptors();
    std::optional<FakeHttpServer> server;
    std::string upstream = "      transport: stdio\n      isolation: shared\n      command: [\"" +
                           kDemoServer + "\"]\n";
    if (http) {
        server.emplace(std::vector<std::string>{"json"});
        upstream = "      transport: http\n      url: " + server->url() +
                   "\n      pool: { max: 100000 }\n";
    }
    ReverseProxy proxy = ReverseProxy::with_config(config(upstream, sessions));
    measure(proxy, sessions, streams);
    return 0;
}
