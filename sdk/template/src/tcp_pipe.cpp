// SPDX-License-Identifier: Apache-2.0
// Writes and reads lines on the socket.
#include "tcp_pipe.hpp"

#include <shadowcat/sdk/log.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace transport_tcp {

namespace asio = sdk::asio;

TcpPipe::TcpPipe(Socket socket, std::string peer, const sdk::ParseLimits& limits)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      limits_(limits),
      framer_(limits.max_bytes) {}

sdk::awaitable<sdk::Result<void>> TcpPipe::send(std::span<sdk::Message> messages) {
    outgoing_.clear();
    for (sdk::Message& message : messages) {
        message.make_single_line();
        outgoing_.append(message.bytes()).append("\n");
    }
    const auto bytes = asio::buffer(outgoing_);
    const auto [failed, sent] = co_await asio::async_write(socket_, bytes, sdk::as_tuple);
    if (failed) co_return lost(failed);
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<sdk::Message>> TcpPipe::receive() {
    for (;;) {
        if (std::optional<sdk::Message> message = next_message()) co_return *std::move(message);
        const auto space = asio::buffer(incoming_);
        const auto [failed, size] = co_await socket_.async_read_some(space, sdk::as_tuple);
        if (failed) co_return lost(failed);
        framer_.append(std::string_view(incoming_.data(), size));
    }
}

/// The next of the received lines that is a message.
std::optional<sdk::Message> TcpPipe::next_message() {
    while (std::optional<std::string> line = framer_.next()) {
        sdk::Result<sdk::Message> message = sdk::Message::parse(*std::move(line), limits_);
        if (message.has_value()) return *std::move(message);
        sdk::log::warn("not a message", {{"peer", peer_}, {"error", message.error()}});
    }
    return std::nullopt;
}

sdk::awaitable<> TcpPipe::close() {
    sdk::error_code ignored;
    socket_.shutdown(Socket::shutdown_both, ignored);
    socket_.close(ignored);  // what is pending completes with operation_aborted
    co_return;
}

sdk::Error TcpPipe::lost(sdk::error_code reason) const {
    if (reason == asio::error::operation_aborted)
        return sdk::Error(sdk::ErrorCode::closed, "the connection to " + peer_ + " was closed");
    if (reason == asio::error::eof)
        return sdk::upstream_error(sdk::ErrorCode::closed, peer_ + " closed the connection");
    return sdk::upstream_error(sdk::ErrorCode::crashed, peer_ + ": " + reason.message());
}

}  // namespace transport_tcp
