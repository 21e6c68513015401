// SPDX-License-Identifier: Apache-2.0
// Reading stderr and cutting it into lines.
#include "stderr_log.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/transport_event.hpp"

#include <algorithm>

namespace shadowcat::transport_stdio {

namespace {

constexpr std::size_t kMaxLine = 4096;
constexpr int kMaxRestReads = 256;  // a pipe holds at most 1 MiB

}  // namespace

StderrLog::StderrLog(sdk::Worker& worker, UniqueFd errors, std::string upstream, pid_t pid,
                     bool passes)
    : worker_(worker),
      stream_(make_stream(worker.executor(), std::move(errors))),
      upstream_(std::move(upstream)),
      pid_(pid) {
    stream_.non_blocking(true);
    if (passes) pass_.emplace(worker.executor());
}

sdk::awaitable<> StderrLog::run() {
    const asio::mutable_buffer buffer = asio::buffer(buffer_);
    while (!stopping_) {
        const auto [failed, count] = co_await stream_.async_read_some(buffer, sdk::as_tuple);
        co_await take(std::string_view(buffer_.data(), count));
        if (failed) break;
    }
    if (stopping_) co_await read_rest();
    if (!line_.empty()) end_line();
    close_quietly(stream_);
}

void StderrLog::stop() {
    stopping_ = true;
    cancel_quietly(stream_);
    if (pass_) pass_->hurry();
}

sdk::awaitable<> StderrLog::read_rest() {
    sdk::error_code failed;
    for (int i = 0; i < kMaxRestReads && !failed; ++i) {
        const std::size_t count = stream_.read_some(asio::buffer(buffer_), failed);
        co_await take(std::string_view(buffer_.data(), count));
    }
}

sdk::awaitable<> StderrLog::take(std::string_view bytes) {
    if (!pass_ || worker_.observer()) feed(bytes);
    if (pass_) co_await pass_->write(bytes);
}

void StderrLog::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        append(bytes.substr(0, end));
        if (end == std::string_view::npos) return;
        end_line();
        bytes.remove_prefix(end + 1);
    }
}

/// Keeps one byte more than is shown, which says that there was more.
void StderrLog::append(std::string_view piece) {
    line_.append(piece.substr(0, kMaxLine + 1 - std::min(line_.size(), kMaxLine + 1)));
}

void StderrLog::end_line() {
    if (line_.size() > kMaxLine) line_.replace(kMaxLine, std::string::npos, "\u2026");
    if (line_.ends_with('\r')) line_.pop_back();
    if (worker_.observer()) tell();
    if (!line_.empty() && !pass_) {
        sdk::log::info("child stderr", {{"upstream", upstream_}, {"pid", pid_}, {"line", line_}});
    }
    line_.clear();
}

void StderrLog::tell() const {
    sdk::TransportEvent event(sdk::TransportEvent::Kind::stderr_line, sdk::Hop::upstream, session_);
    event.upstream = upstream_;
    event.text = line_;
    worker_.observer()->on_transport_event(event);
}

}  // namespace shadowcat::transport_stdio
