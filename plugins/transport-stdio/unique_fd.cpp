// SPDX-License-Identifier: Apache-2.0
// Closing descriptors and making pipes.
#include "unique_fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace shadowcat::transport_stdio {

namespace {

bool move_above_stdio(UniqueFd& fd) {
    if (fd.get() > STDERR_FILENO) return true;
    fd.reset(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    return static_cast<bool>(fd);
}

sdk::Error pipe_error() {
    return sdk::Error(sdk::ErrorCode::unavailable, "cannot make a pipe: " + errno_text(errno));
}

}  // namespace

void UniqueFd::reset(int descriptor) noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = descriptor;
}

sdk::Result<PipeEnds> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return pipe_error();
    PipeEnds made;
    made.read.reset(ends[0]);
    made.write.reset(ends[1]);
    if (!move_above_stdio(made.read) || !move_above_stdio(made.write)) return pipe_error();
    return made;
}

std::string errno_text(int error) { return std::generic_category().message(error); }

}  // namespace shadowcat::transport_stdio
