// SPDX-License-Identifier: Apache-2.0
// Opening anew, or duplicating and restoring.
#include "own_descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace shadowcat::transport_stdio {

namespace {

using Direction = OwnDescriptor::Direction;

bool can_be_opened_anew(int descriptor) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return false;
    return S_ISFIFO(status.st_mode) || ::isatty(descriptor) == 1;
}

UniqueFd open_anew(int descriptor, Direction direction) {
    if (!can_be_opened_anew(descriptor)) return UniqueFd();
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    const int mode = direction == Direction::input ? O_RDONLY : O_WRONLY;
    return UniqueFd(::open(path.c_str(), mode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

UniqueFd duplicate(int descriptor) {
    return UniqueFd(::fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

}  // namespace

sdk::Result<OwnDescriptor> OwnDescriptor::of(int descriptor, Direction direction) {
    UniqueFd anew = open_anew(descriptor, direction);
    if (anew) return OwnDescriptor(std::move(anew), UniqueFd(), 0);
    UniqueFd copy = duplicate(descriptor);
    UniqueFd shared = duplicate(descriptor);
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (!copy || !shared || flags < 0) {
        const char* which = direction == Direction::input ? "stdin" : "stdout";
        return sdk::Error(sdk::ErrorCode::unreachable,
                          std::string(which) + " can't be used: " + errno_text(errno));
    }
    return OwnDescriptor(std::move(copy), std::move(shared), flags);
}

OwnDescriptor::OwnDescriptor(OwnDescriptor&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      shared_(std::move(other.shared_)),
      flags_(other.flags_) {}

OwnDescriptor::~OwnDescriptor() {
    if (shared_) ::fcntl(shared_.get(), F_SETFL, flags_);
}

}  // namespace shadowcat::transport_stdio
