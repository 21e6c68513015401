// SPDX-License-Identifier: Apache-2.0
// Reading one line, writing lines, noticing that nobody is there any more.
#include "core/control/control_connection.hpp"

#include "shadowcat/sdk/spawn.hpp"

#include <boost/asio/read_until.hpp>

namespace shadowcat::core {

ControlConnection::ControlConnection(sdk::Worker& worker, int descriptor,
                                     const ControlLimits& limits)
    : worker_(worker),
      limits_(limits),
      socket_(worker.executor(), Protocol(), descriptor),
      timer_(worker.context()) {}

sdk::awaitable<sdk::Result<std::string>> ControlConnection::read_line() {
    std::string line;
    auto into = sdk::asio::dynamic_buffer(line, limits_.max_line);
    arm(limits_.read_timeout);
    const auto [failed, size] =
        co_await sdk::asio::async_read_until(socket_, into, '\n', sdk::as_tuple);
    disarm();
    if (failed == sdk::asio::error::not_found)
        co_return sdk::Error(
            sdk::ErrorCode::too_large,
            "the command is longer than " + std::to_string(limits_.max_line) + " bytes");
    const bool unfinished = failed == sdk::asio::error::eof && !line.empty();
    if (failed && !unfinished)
        co_return sdk::Error(sdk::ErrorCode::closed, "the peer left without a command");
    line.resize(unfinished ? line.size() : size - 1);
    co_return line;
}

void ControlConnection::watch() {
    spawn_logged(worker_, notice_end(shared_from_this()), "control.watch");
}

/// The socket is in error once the peer has closed it, but not when it only writes no more.
sdk::awaitable<> ControlConnection::notice_end(std::shared_ptr<ControlConnection> self) {
    const auto [stopped] = co_await self->socket_.async_wait(Socket::wait_error, sdk::as_tuple);
    if (!stopped) self->lose();
}

sdk::awaitable<sdk::Result<void>> ControlConnection::send(sdk::Json line) {
    if (sending_) co_return sdk::Error(sdk::ErrorCode::internal, "a line is being sent");
    const std::string text = line.dump(-1, ' ', false, sdk::Json::error_handler_t::replace) + "\n";
    sending_ = true;
    for (std::size_t at = 0; at < text.size() && !gone_;) {
        const auto rest = sdk::asio::buffer(text) + at;
        arm(limits_.write_timeout);
        const auto [failed, sent] = co_await socket_.async_write_some(rest, sdk::as_tuple);
        disarm();
        at += sent;
        if (failed) lose();
    }
    sending_ = false;
    if (gone_) co_return sdk::Error(sdk::ErrorCode::closed, "the peer has gone");
    co_return sdk::Result<void>();
}

void ControlConnection::on_gone(std::function<void()> callback) {
    if (gone_ && callback) return callback();
    on_gone_ = std::move(callback);
}

void ControlConnection::lose() noexcept {
    if (gone_) return;
    gone_ = true;
    close();
    const std::function<void()> callback = std::exchange(on_gone_, {});
    if (callback) callback();
}

void ControlConnection::close() noexcept {
    sdk::error_code ignored;
    socket_.close(ignored);
    disarm();
}

/// A handler that is on its way already, when the time is taken back, finds no time that has come.
void ControlConnection::arm(sdk::Duration limit) {
    timer_.expires_after(limit);
    timer_.async_wait([self = shared_from_this()](sdk::error_code stopped) {
        if (!stopped && self->timer_.expiry() <= sdk::Clock::now()) self->lose();
    });
}

}  // namespace shadowcat::core
