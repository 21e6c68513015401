// SPDX-License-Identifier: Apache-2.0
// Loads a proxy in front of two HTTP servers, kills one of them, starts it again, and then reloads
// the configuration again and again; prints what clients noticed.
#include "harness/proxy_fixture.hpp"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

using namespace integration;

namespace {

constexpr int kClients = 8;

/// A server of its own process at a fixed port: the demo server behind a second Shadowcat.
class Server {
public:
    explicit Server(std::uint16_t port) : port_(port) { start(); }

    void start() {
        process_.emplace(std::vector<std::string>{kShadowcat, "reverse", "--upstream", kDemoServer,
                                                  "--bind", "127.0.0.1:" + std::to_string(port_)});
        process_->wait_for_log({"listening", "http://"});
    }
    void kill() {
        process_->signal(SIGKILL);
        process_->wait_exit();
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/mcp"; }

private:
    std::uint16_t port_;
    std::optional<Process> process_;
};

std::uint16_t free_port() { return FakeHttpServer({"json"}).port(); }

std::string config(const Server& a, const Server& b, int generation) {
    const auto upstream = [&](const char* name, const Server& server) {
        return std::string("    - name: ") + name +
               "\n      transport: http\n      url: " + server.url() +
               "\n      headers: { X-Generation: \"" + std::to_string(generation) +
               "\" }\n      pool: { strategy: round_robin }\n"
               "      health: { checker: mcp_ping, interval_secs: 1, timeout_secs: 1, "
               "healthy_after: 1, unhealthy_after: 1 }\n      retry: { max_attempts: 3, "
               "budget_percent: 100 }\n";
    };
    return "reverse_proxy:\n  upstreams:\n" + upstream("a", a) + upstream("b", b) +
           "admin: { bind_address: \"127.0.0.1:0\" }\n";
}

/// What one client saw; it lists tools (a read, safe to repeat) as fast as it can.
class Client {
public:
    explicit Client(const ReverseProxy& proxy) : port_(proxy.port()), thread_([this] { run(); }) {}
    ~Client() {
        stop_ = true;
        thread_.join();
    }

    std::atomic<std::uint64_t> good{0}, failed{0}, lost_sessions{0};

private:
    void run() {
        while (!stop_) {
            McpClient client(port_);
            client.initialize();
            HttpClient connection(port_);
            while (!stop_ && ask(client, connection)) {
            }
        }
    }
    bool ask(McpClient& client, HttpClient& connection) {
        const HttpResponse answer = connection.ask(client.next_request("tools/list"));
        if (answer.status == 200 && answer.body.find("\"tools\"") != std::string::npos) {
            ++good;
            return true;
        }
        if (failed + lost_sessions < 3)
            std::fprintf(stderr, "answer: %d %s\n", answer.status, answer.body.c_str());
        ++(answer.status == 404 ? lost_sessions : failed);
        return answer.status != 404;
    }

    std::uint16_t port_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

using Clients = std::vector<std::unique_ptr<Client>>;

void report(const char* what, const Clients& clients) {
    std::uint64_t good = 0, failed = 0, lost = 0;
    for (const auto& each : clients) {
        good += each->good.exchange(0);
        failed += each->failed.exchange(0);
        lost += each->lost_sessions.exchange(0);
    }
    std::printf("%-34s %8lu answered, %lu failed, %lu sessions lost\n", what, good, failed, lost);
    std::fflush(stdout);
}

void pause(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

bool healthy(const ReverseProxy& proxy, const char* name) {
    return proxy.admin("/health").json().at("upstreams").at(name) == "healthy";
}

double seconds_until(const std::function<bool()>& condition) {
    const auto begin = Clock::now();
    eventually(condition);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

int main() {
    Server a(free_port()), b(free_port());
    ReverseProxy proxy = ReverseProxy::with_config(config(a, b, 0));
    Clients clients;
    for (int i = 0; i < kClients; ++i)
        clients.push_back(std::make_unique<Client>(proxy));
    pause(2000);
    report("both servers up", clients);
    a.kill();
    pause(3000);
    report("one of two killed", clients);
    a.start();
    const double back = seconds_until([&] { return healthy(proxy, "a"); });
    std::printf("%-34s %8.2f s after it listened again (interval 1 s)\n", "healthy again", back);
    pause(1000);
    report("after its return", clients);
    for (int generation = 1; generation <= 10; ++generation) {
        proxy.rewrite(config(a, b, generation));
        proxy.admin("/reload", "POST");
        pause(200);
    }
    report("10 reloads, every upstream changed", clients);
    clients.clear();
    return 0;
}
