// SPDX-License-Identifier: Apache-2.0
// OwnDescriptor: our stdin or stdout on the event loop, without changing it for others.
#pragma once

#include "shadowcat/sdk/result.hpp"

#include "unique_fd.hpp"

#include <string>

namespace shadowcat::transport_stdio {

/// Non-blocking is a property of what a descriptor refers to, and that is often shared: with our
/// stderr on a terminal, with the shell that started us. So pipes and terminals are opened anew;
/// where that can't be done the flag is set on the shared thing and put back at the end.
class OwnDescriptor {
public:
    enum class Direction { input, output };

    /// Fails with `unreachable` when `descriptor` isn't open.
    static sdk::Result<OwnDescriptor> of(int descriptor, Direction direction);

    OwnDescriptor(OwnDescriptor&& other) noexcept;
    OwnDescriptor& operator=(OwnDescriptor&&) = delete;
    ~OwnDescriptor();

    /// Gives the descriptor to whoever does I/O with it. This object stays, to put the flag back.
    UniqueFd take() noexcept { return std::move(descriptor_); }

private:
    OwnDescriptor(UniqueFd descriptor, UniqueFd shared, int flags)
        : descriptor_(std::move(descriptor)), shared_(std::move(shared)), flags_(flags) {}

    UniqueFd descriptor_;
    UniqueFd shared_;  // only if flags have to be put back
    int flags_ = 0;
};

}  // namespace shadowcat::transport_stdio
