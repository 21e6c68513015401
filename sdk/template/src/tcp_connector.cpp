// SPDX-License-Identifier: Apache-2.0
// Resolves, connects, and lifts the connection into a link.
#include "tcp_connector.hpp"

#include <shadowcat/sdk/deadline.hpp>
#include <shadowcat/sdk/multiplexer.hpp>

#include <boost/asio/ip/basic_resolver.hpp>

#include <utility>

namespace transport_tcp {

namespace asio = sdk::asio;

sdk::Schema TcpConnector::schema() {
    sdk::Schema schema;
    schema.add(sdk::string("host", "Name or address of the server.").required());
    schema.add(sdk::integer("port", "Port of the server.").required().between(1, 65535));
    schema.add(sdk::integer("connect_timeout_ms", "How long one address may take to answer.")
                   .defaults_to(sdk::Json(5000))
                   .between(1, 600000));
    return schema;
}

TcpConnector::TcpConnector(const sdk::Json& config, const sdk::ConnectorContext& context)
    : worker_(context.worker),
      host_(config.at("host").get<std::string>()),
      port_(std::to_string(config.at("port").get<int>())),
      connect_timeout_(std::chrono::milliseconds(config.at("connect_timeout_ms").get<int>())) {}

sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> TcpConnector::open(
    sdk::LinkEvents& events, const sdk::LinkOptions& options) {
    sdk::Result<Socket> socket = co_await connect();
    if (socket.has_error()) co_return socket.error();
    auto pipe = std::make_unique<TcpPipe>(*std::move(socket), target(), options.message);
    co_return sdk::make_link(worker_, std::move(pipe), events, options);
}

/// Tries the host's addresses in turn. The system's resolver has its own time limit.
sdk::awaitable<sdk::Result<Socket>> TcpConnector::connect() {
    asio::ip::basic_resolver<Tcp, sdk::Executor> resolver(worker_.executor());
    auto [failed, addresses] = co_await resolver.async_resolve(host_, port_, sdk::as_tuple);
    if (failed) co_return unreachable(failed);
    for (const auto& address : addresses) {
        Socket socket(worker_.executor());
        sdk::Timer timer(worker_.executor());
        auto attempt = socket.async_connect(address.endpoint(), asio::deferred);
        failed = co_await sdk::within(timer, connect_timeout_, std::move(attempt));
        if (failed) continue;
        socket.set_option(Tcp::no_delay(true), failed);
        co_return socket;
    }
    co_return unreachable(failed);
}

sdk::Error TcpConnector::unreachable(sdk::error_code reason) const {
    const std::string text = "can't connect to " + target() + ": " + reason.message();
    return sdk::upstream_error(sdk::ErrorCode::unreachable, text);
}

// Nothing is kept between links.
sdk::awaitable<> TcpConnector::stop() { co_return; }

}  // namespace transport_tcp
