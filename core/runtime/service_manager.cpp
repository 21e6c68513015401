// SPDX-License-Identifier: Apache-2.0
// One datagram per state.
#include "core/runtime/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>

namespace shadowcat::core {

namespace {

std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& each : line) {
        if (each == '\n') each = ' ';
    }
    return line;
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
    const char* socket = std::getenv("NOTIFY_SOCKET");
    ServiceManager manager(socket != nullptr ? socket : "");
    ::unsetenv("NOTIFY_SOCKET");
    return manager;
}

void ServiceManager::ready(std::string_view status) const {
    send("READY=1\nSTATUS=" + one_line(status));
}

void ServiceManager::reloading() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(micros));
}

void ServiceManager::stopping() const { send("STOPPING=1\nSTATUS=draining"); }

void ServiceManager::status(std::string_view text) const { send("STATUS=" + one_line(text)); }

void ServiceManager::send(const std::string& state) const {
    sockaddr_un address{};
    const bool usable = socket_.size() > 1 && socket_.size() < sizeof(address.sun_path) &&
                        (socket_[0] == '/' || socket_[0] == '@');
    if (!usable) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (socket_[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), size);
    ::close(descriptor);
}

}  // namespace shadowcat::core
