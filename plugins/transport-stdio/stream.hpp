// SPDX-License-Identifier: Apache-2.0
// Stream: one end of a pipe (or a terminal, socket, file) on a worker's event loop.
#pragma once

#include "shadowcat/sdk/asio.hpp"

#include "unique_fd.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

namespace shadowcat::transport_stdio {

namespace asio = boost::asio;

using Stream = asio::posix::basic_stream_descriptor<sdk::Executor>;

/// Hands a descriptor to the event loop. Throws when it can't take one more; nothing leaks then.
inline Stream make_stream(sdk::Executor executor, UniqueFd descriptor) {
    Stream stream(executor);
    stream.assign(descriptor.get());
    descriptor.release();
    return stream;
}

/// Closes without caring how; pending operations complete with `operation_aborted`.
inline void close_quietly(Stream& stream) {
    sdk::error_code ignored;
    stream.close(ignored);
}

inline void cancel_quietly(Stream& stream) {
    sdk::error_code ignored;
    stream.cancel(ignored);
}

}  // namespace shadowcat::transport_stdio
