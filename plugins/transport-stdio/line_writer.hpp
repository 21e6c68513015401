// SPDX-License-Identifier: Apache-2.0
// LineWriter: writes messages and other texts as lines, many with one system call.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "stream.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::transport_stdio {

class LineWriter {
public:
    /// `stream` must outlive the writer.
    explicit LineWriter(Stream& stream) : stream_(stream) {}

    /// Makes each message a single line and writes them in order. The messages' memory is given
    /// back if it is large. Completes early, with an error, when the stream is closed meanwhile.
    /// Calls must not overlap.
    sdk::awaitable<sdk::error_code> write(std::span<sdk::Message> messages);

    /// The same for texts that are single lines already.
    sdk::awaitable<sdk::error_code> write(std::span<std::string> lines);

private:
    sdk::awaitable<sdk::error_code> write_gathered();
    void gather(std::string_view line);

    Stream& stream_;
    std::vector<asio::const_buffer> buffers_;  // kept, so that a write allocates nothing
};

}  // namespace shadowcat::transport_stdio
