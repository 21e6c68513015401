// SPDX-License-Identifier: Apache-2.0
// UniqueFd: a file descriptor that is closed when its owner goes away.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include <utility>

namespace shadowcat::transport_stdio {

class UniqueFd {
public:
    UniqueFd() = default;
    explicit UniqueFd(int descriptor) noexcept : descriptor_(descriptor) {}
    UniqueFd(UniqueFd&& other) noexcept : descriptor_(other.release()) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        reset(other.release());
        return *this;
    }
    ~UniqueFd() { reset(); }

    int get() const noexcept { return descriptor_; }
    explicit operator bool() const noexcept { return descriptor_ >= 0; }
    int release() noexcept { return std::exchange(descriptor_, -1); }
    void reset(int descriptor = -1) noexcept;

private:
    int descriptor_ = -1;
};

/// A pipe that no exec'd program inherits.
class PipeEnds {
public:
    UniqueFd read;
    UniqueFd write;
};

/// Makes a pipe whose ends are above 2, so that a child can put them in place of stdin, stdout and
/// stderr in any order, even where the proxy itself runs with some of those closed.
sdk::Result<PipeEnds> make_pipe();

/// `errno` as text.
std::string errno_text(int error);

}  // namespace shadowcat::transport_stdio
