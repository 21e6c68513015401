// SPDX-License-Identifier: Apache-2.0
// Nobody but the proxy's user may reach the socket, from the moment that it exists.
#include "core/control/control_socket.hpp"

#include "shadowcat/sdk/control_client.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace shadowcat::core {

namespace fs = std::filesystem;

namespace {

constexpr int kBacklog = 16;

sdk::Error control_failure(const std::string& what) {
    return sdk::Error(sdk::ErrorCode::config, what);
}

std::string last_reason() { return std::generic_category().message(errno); }

int make_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), std::min(path.size(), max_control_path()));
    return address;
}

using Operation = int (*)(int, const sockaddr*, socklen_t);

bool at_address(Operation operation, int descriptor, const std::string& path) {
    const sockaddr_un address = address_of(path);
    return operation(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

/// False only when it is certain that nobody listens there.
bool is_in_use(const std::string& path) {
    const int descriptor = make_socket();
    const bool refused =
        !at_address(::connect, descriptor, path) && (errno == ECONNREFUSED || errno == ENOENT);
    if (descriptor >= 0) ::close(descriptor);
    return !refused;
}

bool is_socket(const std::string& path) {
    struct stat found {};
    return ::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

void sweep(const fs::path& directory) {
    std::error_code failed;
    for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        const std::string path = entry->path().string();
        if (is_socket(path) && !is_in_use(path)) ::unlink(path.c_str());
    }
}

sdk::Result<void> check_directory(const fs::path& directory) {
    struct stat found {};
    const std::string name = "the directory " + directory.string();
    if (::lstat(directory.c_str(), &found) != 0)
        return control_failure(name + " can't be used: " + last_reason());
    if (!S_ISDIR(found.st_mode)) return control_failure(name + " is a link or no directory");
    if (found.st_uid != ::geteuid()) return control_failure(name + " belongs to another user");
    if ((found.st_mode & 077) != 0)
        return control_failure(name + " is open to other users (it must have mode 0700)");
    return {};
}

/// Of several proxies that find the same dead socket one replaces it.
sdk::Result<void> make_room(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode))
        return control_failure("the control socket " + path + " is another kind of file");
    if (is_in_use(path))
        return control_failure("the control socket " + path + " is served by another process");
    ::unlink(path.c_str());
    return {};
}

}  // namespace

std::size_t max_control_path() noexcept { return sizeof(sockaddr_un::sun_path) - 1; }

sdk::Result<std::string> own_control_path() {
    const fs::path directory = sdk::control_directory();
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        return control_failure("the directory " + directory.string() +
                               " can't be made: " + last_reason());
    const sdk::Result<void> usable = check_directory(directory);
    if (usable.has_error()) return usable.error();
    sweep(directory);
    return (directory / (std::to_string(::getpid()) + ".sock")).string();
}

sdk::Result<ControlSocket> ControlSocket::open(const std::string& path) {
    if (path.size() > max_control_path())
        return control_failure("the control socket's path " + path + " is longer than " +
                               std::to_string(max_control_path()) + " bytes");
    const sdk::Result<void> room = make_room(path);
    if (room.has_error()) return room.error();
    const int descriptor = make_socket();
    // The mode of a socket is what its file is made with.
    const bool bound = ::fchmod(descriptor, 0600) == 0 && at_address(::bind, descriptor, path);
    const std::string why = last_reason();
    ControlSocket socket(descriptor, bound ? path : std::string());
    if (bound && ::listen(descriptor, kBacklog) == 0) return socket;
    return control_failure("can't listen at the control socket " + path + ": " +
                           (bound ? last_reason() : why));
}

ControlSocket::ControlSocket(int descriptor, std::string path)
    : descriptor_(descriptor), path_(std::move(path)) {
    struct stat made {};
    if (path_.empty() || ::lstat(path_.c_str(), &made) != 0) return;
    device_ = made.st_dev;
    inode_ = made.st_ino;
}

ControlSocket::~ControlSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
    struct stat there {};
    if (path_.empty() || ::lstat(path_.c_str(), &there) != 0) return;
    if (there.st_dev == device_ && there.st_ino == inode_) ::unlink(path_.c_str());
}

}  // namespace shadowcat::core
