// SPDX-License-Identifier: Apache-2.0
// StderrPass: hands what a child writes to stderr on to our own stderr, byte for byte.
#pragma once

#include "own_descriptor.hpp"
#include "stream.hpp"

#include <optional>
#include <string_view>

namespace shadowcat::transport_stdio {

/// While whoever reads our stderr is slow, the child is: nothing gathers here.
class StderrPass {
public:
    explicit StderrPass(sdk::Executor executor);

    /// Completes when all of it is written, or can't be: nobody is there to read it.
    sdk::awaitable<> write(std::string_view bytes);

    /// The child has ended: what is left must be taken soon.
    void hurry();

private:
    std::optional<OwnDescriptor> own_;  // restores flags when destroyed
    std::optional<Stream> stream_;
    sdk::Timer patience_;
    bool hurried_ = false;
};

}  // namespace shadowcat::transport_stdio
