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

}  // namespace

sdk::awaitable<sdk::error_code> LineWriter::write(std::span<sdk::Message> messages) {
    buffers_.reserve(2 * messages.size());
    for (sdk::Message& message : messages) {
        message.make_single_line();
        gather(message.bytes());
    }
    const sdk::error_code failed = co_await write_gathered();
    for (sdk::Message& message : messages) {
        if (message.bytes().size() >= kLargeMessage) message = sdk::Message();
    }
    co_return failed;
}

sdk::awaitable<sdk::error_code> LineWriter::write(std::span<std::string> lines) {
    buffers_.reserve(2 * lines.size());
    for (const std::string& line : lines)
        gather(line);
    const sdk::error_code failed = co_await write_gathered();
    for (std::string& line : lines) {
        if (line.size() >= kLargeMessage) line = std::string();
    }
    co_return failed;
}

void LineWriter::gather(std::string_view line) {
    buffers_.emplace_back(line.data(), line.size());
    buffers_.emplace_back(&kNewline, 1);
}

sdk::awaitable<sdk::error_code> LineWriter::write_gathered() {
    const BufferView view(buffers_);
    const auto [failed, written] = co_await asio::async_write(stream_, view, sdk::as_tuple);
    buffers_.clear();
    if (buffers_.capacity() > kManyBuffers) buffers_.shrink_to_fit();
    co_return failed;
}

}  // namespace shadowcat::transport_stdio
