// SPDX-License-Identifier: Apache-2.0
// Gather-writing of messages.
#include "line_writer.hpp"

#include <boost/asio/write.hpp>

namespace shadowcat::transport_stdio {

namespace {

constexpr char kNewline = '\n';
constexpr std::size_t kLargeMessage = 64 * 1024;
constexpr std::size_t kManyBuffers = 4096;

// A view: Asio copies the sequence it is given, and copying a vector allocates.
using BufferView = std::span<const asio::const_buffer>;

void release_large(std::span<sdk::Message> messages) {
    for (sdk::Message& message : messages) {
        if (message.bytes().size() >= kLargeMessage) message = sdk::Message();
    }
}

}  // namespace

sdk::awaitable<sdk::error_code> LineWriter::write(std::span<sdk::Message> messages) {
    gather(messages);
    const BufferView view(buffers_);
    const auto [failed, written] = co_await asio::async_write(stream_, view, sdk::as_tuple);
    buffers_.clear();
    if (buffers_.capacity() > kManyBuffers) buffers_.shrink_to_fit();
    release_large(messages);
    co_return failed;
}

void LineWriter::gather(std::span<sdk::Message> messages) {
    buffers_.clear();
    buffers_.reserve(2 * messages.size());
    for (sdk::Message& message : messages) {
        message.make_single_line();
        buffers_.emplace_back(message.bytes().data(), message.bytes().size());
        buffers_.emplace_back(&kNewline, 1);
    }
}

}  // namespace shadowcat::transport_stdio
