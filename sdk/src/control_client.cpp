// SPDX-License-Identifier: Apache-2.0
// ControlClient: finding a proxy's socket, one question, lines of answers.
#include "shadowcat/sdk/control_client.hpp"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace shadowcat::sdk::inline v1 {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxLine = std::size_t{4} << 30;  // above any message the proxy lets through
constexpr std::size_t kReadSize = std::size_t{64} << 10;
constexpr std::string_view kSuffix = ".sock";

/// Closes itself unless it was handed on.
class OwnedDescriptor {
public:
    explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
    OwnedDescriptor(const OwnedDescriptor&) = delete;
    OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;
    ~OwnedDescriptor() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    int get() const noexcept { return descriptor_; }
    int release() noexcept { return std::exchange(descriptor_, -1); }

private:
    int descriptor_;
};

std::string reason(int failure) { return std::generic_category().message(failure); }

bool is_process_id(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_control_socket(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.ends_with(kSuffix) &&
           is_process_id(std::string_view(name).substr(0, name.size() - kSuffix.size()));
}

/// Nobody else can have put a socket of his own there.
bool is_private(const fs::path& directory) {
    struct stat found {};
    return ::lstat(directory.c_str(), &found) == 0 && S_ISDIR(found.st_mode) &&
           found.st_uid == ::geteuid() && (found.st_mode & 077) == 0;
}

/// Sets `errno` when it fails.
bool connect_to(int descriptor, const std::string& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    std::memcpy(address.sun_path, socket.data(), socket.size());
    return ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

/// A proxy that has ended without tidying up refuses; one whose queue is full is there.
bool is_served(const fs::path& socket) {
    const OwnedDescriptor descriptor(
        ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    return connect_to(descriptor.get(), socket.string()) || errno == EAGAIN;
}

timespec made_at(const fs::path& file) {
    struct stat found {};
    ::lstat(file.c_str(), &found);
    return found.st_mtim;
}

bool is_older(const fs::path& left, const fs::path& right) {
    const timespec a = made_at(left), b = made_at(right);
    return std::pair(a.tv_sec, a.tv_nsec) < std::pair(b.tv_sec, b.tv_nsec);
}

std::string pids(const std::vector<fs::path>& sockets) {
    std::string text;
    for (const fs::path& each : sockets)
        text += (text.empty() ? "" : ", ") + each.stem().string();
    return text;
}

Error no_proxy() {
    return Error(ErrorCode::config, "no running proxy of yours has a control socket in " +
                                        control_directory().string());
}

Result<fs::path> socket_of(const std::string& pid, const std::vector<fs::path>& sockets) {
    const auto found =
        std::ranges::find(sockets, pid, [](const fs::path& each) { return each.stem().string(); });
    if (found != sockets.end()) return *found;
    if (sockets.empty()) return no_proxy();
    return Error(ErrorCode::config, "no running proxy of yours with the process id " + pid +
                                        " has a control socket; there are " + pids(sockets));
}

/// An answer may be waiting although the proxy takes no more: that it refuses, and why.
bool may_have_answered() { return errno == EPIPE || errno == ECONNRESET; }

Result<void> write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            text.remove_prefix(static_cast<std::size_t>(sent));
        } else if (may_have_answered()) {
            return {};
        } else if (errno != EINTR) {
            return Error(ErrorCode::unreachable, "the proxy took no command: " + reason(errno));
        }
    }
    return {};
}

/// False with `errno` set when something else ended the wait. A signal to end that the caller
/// blocks is let in only here, so that none is missed that came a moment before.
bool wait_readable(int descriptor) {
    sigset_t meanwhile;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &meanwhile);
    ::sigdelset(&meanwhile, SIGINT);
    ::sigdelset(&meanwhile, SIGTERM);
    pollfd wanted{descriptor, POLLIN, 0};
    return ::ppoll(&wanted, 1, nullptr, &meanwhile) >= 0;
}

Error broken(const std::string& why) {
    return Error(ErrorCode::closed, "the connection to the proxy broke off: " + why);
}

/// Appends what comes next; false at the end.
Result<bool> read_more(int descriptor, std::string& buffer) {
    const std::size_t before = buffer.size();
    if (before > kMaxLine) return Error(ErrorCode::too_large, "the proxy sent an endless line");
    buffer.resize(before + kReadSize);
    const bool readable = wait_readable(descriptor);
    const ssize_t got = readable ? ::recv(descriptor, buffer.data() + before, kReadSize, 0) : -1;
    const int failure = got < 0 ? errno : 0;
    buffer.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (failure == EINTR) return Error(ErrorCode::cancelled, "interrupted");
    if (failure != 0) return broken(reason(failure));
    return got > 0;
}

/// What the proxy itself says went wrong.
const std::string* refusal_in(const Json& line) {
    if (!line.is_object() || line.size() != 1) return nullptr;
    const auto error = line.find("error");
    return error == line.end() ? nullptr : error->get_ptr<const std::string*>();
}

Result<std::optional<Json>> read_line(std::string_view text) {
    Json line = Json::parse(text, nullptr, false);
    if (line.is_discarded())
        return Error(ErrorCode::protocol, "the proxy sent a line that is no JSON");
    if (const std::string* refusal = refusal_in(line)) return Error(ErrorCode::blocked, *refusal);
    return std::optional<Json>(std::move(line));
}

}  // namespace

fs::path control_directory() {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime != nullptr && *runtime == '/') return fs::path(runtime) / "shadowcat";
    return "/tmp/shadowcat-" + std::to_string(::geteuid());
}

std::vector<fs::path> control_sockets() {
    const fs::path directory = control_directory();
    if (!is_private(directory)) return {};
    std::vector<fs::path> sockets;
    std::error_code failed;
    for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        if (is_control_socket(entry->path()) && is_served(entry->path()))
            sockets.push_back(entry->path());
    }
    std::ranges::sort(sockets, is_older);
    return sockets;
}

Result<fs::path> choose_control_socket(const std::string& wanted) {
    if (!wanted.empty() && !is_process_id(wanted)) return fs::path(wanted);
    const std::vector<fs::path> sockets = control_sockets();
    if (!wanted.empty()) return socket_of(wanted, sockets);
    if (sockets.empty()) return no_proxy();
    if (sockets.size() == 1) return sockets.front();
    return Error(ErrorCode::config,
                 "several proxies are running, say which by its process id: " + pids(sockets));
}

Result<ControlClient> ControlClient::send(const fs::path& socket, const Json& request) {
    OwnedDescriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (descriptor.get() < 0 || !connect_to(descriptor.get(), socket.string()))
        return Error(ErrorCode::unreachable,
                     "no proxy answers at " + socket.string() + ": " + reason(errno));
    const std::string line = request.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    const Result<void> written = write_all(descriptor.get(), line);
    if (written.has_error()) return written.error();
    return ControlClient(descriptor.release());
}

ControlClient::ControlClient(int descriptor) : descriptor_(descriptor) {}

ControlClient::ControlClient(ControlClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}

ControlClient& ControlClient::operator=(ControlClient&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(buffer_, other.buffer_);
    return *this;
}

ControlClient::~ControlClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::optional<Json>> ControlClient::receive() {
    std::size_t searched = 0;
    std::size_t end = 0;
    while ((end = buffer_.find('\n', searched)) == std::string::npos) {
        searched = buffer_.size();
        const Result<bool> more = read_more(descriptor_, buffer_);
        if (more.has_error()) return more.error();
        if (!*more && buffer_.empty()) return std::optional<Json>();
        if (!*more) return broken("it ended within a line");
    }
    Result<std::optional<Json>> line = read_line(std::string_view(buffer_).substr(0, end));
    buffer_.erase(0, end + 1);
    return line;
}

}  // namespace shadowcat::sdk::inline v1
