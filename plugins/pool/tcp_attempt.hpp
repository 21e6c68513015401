// SPDX-License-Identifier: Apache-2.0
// TcpAttempt: one attempt to connect, which never takes longer than it was told to.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/wakeup.hpp"

#include "host_port.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace shadowcat::pool {

/// Looks the host up (on Asio's resolver thread), tries its addresses one after the other, and
/// closes what it opened. Shared with what is under way: `getaddrinfo` can't be interrupted, so at
/// the limit the waiter leaves, and the answer, when it comes at last, is dropped.
class TcpAttempt : public std::enable_shared_from_this<TcpAttempt> {
public:
    explicit TcpAttempt(const sdk::Executor& executor)
        : resolver_(executor), socket_(executor), timer_(executor) {}

    /// Once per object, which a `shared_ptr` must hold. `timed_out` when the limit ended it.
    sdk::awaitable<sdk::error_code> run(HostPort place, sdk::Duration limit);

private:
    using Tcp = sdk::asio::ip::tcp;
    using Resolver = sdk::asio::ip::basic_resolver<Tcp, sdk::Executor>;
    using Socket = sdk::asio::basic_stream_socket<Tcp, sdk::Executor>;

    void look_up(const HostPort& place);
    void connect(const Resolver::results_type& addresses);
    void finish(sdk::error_code outcome);

    Resolver resolver_;
    Socket socket_;
    sdk::Timer timer_;
    sdk::Wakeup done_;
    sdk::error_code outcome_;
    bool finished_ = false;
};

}  // namespace shadowcat::pool
