// SPDX-License-Identifier: Apache-2.0
// TcpPipe: MCP messages over one TCP connection, one a line.
#pragma once

#include <shadowcat/sdk/pipe.hpp>

#include "line_framer.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <string>

namespace transport_tcp {

namespace sdk = shadowcat::sdk;
using Tcp = sdk::asio::ip::tcp;
using Socket = sdk::asio::basic_stream_socket<Tcp, sdk::Executor>;

/// The three functions that make a transport. `make_link` does the rest: ids, correlation,
/// progress, cancellation.
class TcpPipe final : public sdk::Pipe {
public:
    TcpPipe(Socket socket, std::string peer, const sdk::ParseLimits& limits);

    sdk::awaitable<sdk::Result<void>> send(std::span<sdk::Message> messages) override;
    sdk::awaitable<sdk::Result<sdk::Message>> receive() override;
    sdk::awaitable<> close() override;
    std::string peer() const override { return peer_; }

private:
    std::optional<sdk::Message> next_message();
    sdk::Error lost(sdk::error_code reason) const;

    Socket socket_;
    std::string peer_;
    sdk::ParseLimits limits_;
    LineFramer framer_;
    std::string outgoing_;
    std::array<char, 65536> incoming_;
};

}  // namespace transport_tcp
