// SPDX-License-Identifier: Apache-2.0
// ListenerRig: an HttpListener on loopback with running workers and a scripted core.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/listener.hpp"

#include "testing/fake_host.hpp"
#include "testing/raw_client.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace shadowcat::http {

class ListenerRig {
public:
    /// `config` on top of the defaults and a port of the system's choice.
    explicit ListenerRig(const Json& config = Json::object(), std::size_t workers = 2);

    /// Stops the listener if it runs, and the workers.
    ~ListenerRig();

    /// Ends the sessions, then the listener; checks that it doesn't take for ever.
    void stop();

    void stop_accepting();

    RawClient connect(int receive_buffer = 0) const { return RawClient(port, receive_buffer); }

    /// Runs `task` on worker `index` and waits for it.
    void run(std::size_t index, awaitable<> task);

    /// Waits until worker `index` has swept its deadlines once more.
    void wait_for_tick(std::size_t index);

    /// Lets the workers go on while a test asks again and again for what will soon be so.
    static void nap() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

    /// `initialize` through `client`; returns the session id.
    std::string open_session(RawClient& client) const;

private:
    std::vector<std::unique_ptr<Worker>> workers_;

public:
    FakeHost host;
    std::unique_ptr<Listener> listener;
    std::uint16_t port = 0;
    Result<void> started;

private:
    static awaitable<> begin();
    awaitable<> start_listener();
    awaitable<> close_acceptor();
    awaitable<> next_tick(Worker& worker);

    std::vector<std::thread> threads_;
    bool running_ = false;
};

/// `POST /mcp` with the usual headers; `fields` are whole lines beside them.
std::string post(std::string_view body, std::string_view fields = {});

/// The same within a session.
std::string post_in(std::string_view session, std::string_view body);

/// `METHOD /mcp` without body; `fields` are whole lines beside Host.
std::string request(std::string_view method, std::string_view fields,
                    std::string_view path = "/mcp");

constexpr std::string_view kInitialize =
    R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})";

}  // namespace shadowcat::http
