// SPDX-License-Identifier: Apache-2.0
// What systemd is told, as a socket of ours hears it.
#include "harness/proxy_fixture.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

using namespace integration;

namespace {

/// The service manager's end.
class Manager {
public:
    Manager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        ::unlink(path().c_str());
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path().c_str(), sizeof(address.sun_path) - 1);
        const auto* bound = reinterpret_cast<const sockaddr*>(&address);
        REQUIRE(::bind(socket_.get(), bound, sizeof(address)) == 0);
    }

    std::string path() const { return file_.path() + ".sock"; }
    ~Manager() { ::unlink(path().c_str()); }

    std::string hear() {
        wait_readable(socket_.get(), Clock::now() + kPatience, "a state");
        char text[4096];
        const ssize_t size = ::recv(socket_.get(), text, sizeof(text), 0);
        return std::string(text, size > 0 ? static_cast<std::size_t>(size) : 0);
    }

private:
    TemporaryFile file_{"", ".notify"};
    Descriptor socket_;
};

}  // namespace

TEST_CASE("ready once it serves, reloading and ready again, stopping") {
    Manager manager;
    LaunchOptions options;
    options.environment = {{"NOTIFY_SOCKET", manager.path()}};
    ReverseProxy proxy = ReverseProxy::with_config(config_for({kDemoServer}), options);
    CHECK(manager.hear().starts_with("READY=1\nSTATUS=serving http://127.0.0.1:"));
    proxy.process().signal(SIGHUP);
    CHECK(manager.hear().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(manager.hear() == "READY=1\nSTATUS=reloaded: no change");
    proxy.process().signal(SIGTERM);
    CHECK(manager.hear().starts_with("STOPPING=1"));
    CHECK(proxy.process().wait_exit() == "exit 0");
}
