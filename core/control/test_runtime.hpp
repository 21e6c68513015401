// SPDX-License-Identifier: Apache-2.0
// For tests: `$XDG_RUNTIME_DIR` of its own, and sockets as other processes have them.
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace shadowcat::core::testing {

class Runtime {
public:
    Runtime() {
        std::string name = std::filesystem::temp_directory_path() / "control-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
        root = name;
        ::setenv("XDG_RUNTIME_DIR", name.c_str(), 1);
    }
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;
    ~Runtime() {
        ::unsetenv("XDG_RUNTIME_DIR");
        std::error_code ignored;
        std::filesystem::remove_all(root, ignored);
    }

    std::string path(const std::string& name) const { return root / name; }
    std::filesystem::path directory() const { return root / "shadowcat"; }

    std::filesystem::path root;
};

inline sockaddr_un unix_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    return address;
}

/// Listens until it goes; its file stays behind, as when a process is killed.
class ForeignSocket {
public:
    explicit ForeignSocket(const std::string& path)
        : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const sockaddr_un address = unix_address(path);
        const auto* where = reinterpret_cast<const sockaddr*>(&address);
        if (::bind(descriptor_, where, sizeof(address)) != 0 || ::listen(descriptor_, 4) != 0)
            throw std::runtime_error("can't listen at " + path);
    }
    ForeignSocket(const ForeignSocket&) = delete;
    ForeignSocket& operator=(const ForeignSocket&) = delete;
    ~ForeignSocket() { ::close(descriptor_); }

private:
    int descriptor_;
};

/// A client that does only what it is told.
class RawClient {
public:
    explicit RawClient(const std::string& path)
        : descriptor_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const sockaddr_un address = unix_address(path);
        if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)))
            throw std::runtime_error("can't connect to " + path);
    }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient() { ::close(descriptor_); }

    bool say(const std::string& text) const {
        return ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL) ==
               static_cast<ssize_t>(text.size());
    }
    void say_no_more() const { ::shutdown(descriptor_, SHUT_WR); }

    /// Everything until the end of the connection.
    std::string listen() const {
        std::string heard;
        char part[4096];
        for (ssize_t got = 0; (got = ::recv(descriptor_, part, sizeof(part), 0)) > 0;)
            heard.append(part, static_cast<std::size_t>(got));
        return heard;
    }

private:
    int descriptor_;
};

inline unsigned mode_of(const std::filesystem::path& file) {
    struct stat found {};
    return ::lstat(file.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

}  // namespace shadowcat::core::testing
