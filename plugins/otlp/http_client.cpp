// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 as far as an exporter needs it.
#include "http_client.hpp"

#include "shadowcat/sdk/version.hpp"

#include <algorithm>
#include <array>

namespace shadowcat::otlp {

using namespace shadowcat::sdk;

HttpClient::HttpClient(Worker& worker, const ExporterOptions& options)
    : worker_(worker), options_(options) {}

awaitable<Result<Reply>> HttpClient::post(std::string_view signal_path, std::string_view body,
                                          TimePoint deadline) {
    deadline_ = deadline;
    late_ = false;
    tick_ = worker_.every_tick([this](TimePoint now) { check_time(now); });
    const std::string head = head_of(signal_path, body.size());
    if (connection_ && !connection_->is_fresh()) connection_.reset();
    const bool kept = connection_ != nullptr;
    ReplyReader first, second;
    Result<Reply> reply = co_await post_once(head, body, first);
    const bool was_dead = reply.has_error() && kept && !first.began() && !late_;
    if (was_dead) reply = co_await post_once(head, body, second);
    tick_ = Worker::Tick();
    if (reply.has_error() && late_) reply = Error(ErrorCode::timed_out, "no answer in time");
    co_return reply;
}

awaitable<Result<Reply>> HttpClient::post_once(std::string_view head, std::string_view body,
                                               ReplyReader& reader) {
    if (!connection_) {
        const Result<void> opened = co_await connect();
        if (opened.has_error()) {
            connection_.reset();
            co_return opened.error();
        }
    }
    const error_code unsent = co_await connection_->write(head, body);
    // A refusal may have come, and then the connection been closed, before all was written.
    Result<Reply> reply = co_await read(reader);
    if (reply.has_error() && unsent) reply = Error(ErrorCode::closed, unsent.message());
    const bool keep = reply.has_value() && !unsent && reader.keeps_connection();
    if (!keep) connection_.reset();
    co_return reply;
}

awaitable<Result<void>> HttpClient::connect() {
    connection_ = std::make_unique<Connection>(worker_.executor());
    const TlsTrust* trust = options_.trust ? &*options_.trust : nullptr;
    const Duration limit = std::max(deadline_ - Clock::now(), Duration::zero());
    return connection_->open(options_.endpoint, trust, limit);
}

awaitable<Result<Reply>> HttpClient::read(ReplyReader& reader) {
    std::array<char, 4096> buffer;
    while (reader.state() == ReplyReader::State::reading) {
        const auto [failed, size] = co_await connection_->read_some(asio::buffer(buffer));
        if (failed) {
            reader.feed_end();
            if (reader.state() == ReplyReader::State::complete) break;
            co_return Error(ErrorCode::closed,
                            reader.began() ? "the connection broke in the middle of the answer"
                                           : "the connection was closed without an answer");
        }
        reader.feed(std::string_view(buffer.data(), size));
    }
    if (reader.state() == ReplyReader::State::bad)
        co_return Error(ErrorCode::protocol, "the answer is not HTTP");
    co_return reader.take();
}

std::string HttpClient::head_of(std::string_view signal_path, std::size_t size) const {
    std::string head = "POST " + options_.endpoint.path;
    head.append(signal_path).append(" HTTP/1.1\r\nHost: ").append(options_.endpoint.authority);
    head.append("\r\nUser-Agent: shadowcat/" SHADOWCAT_SDK_VERSION
                "\r\nAccept: application/json\r\nContent-Type: application/json\r\n");
    head.append(options_.header_lines);
    head.append("Content-Length: ").append(std::to_string(size)).append("\r\n\r\n");
    return head;
}

void HttpClient::hurry(TimePoint deadline) { deadline_ = std::min(deadline_, deadline); }

void HttpClient::check_time(TimePoint now) {
    if (now < deadline_ || late_) return;
    late_ = true;
    if (connection_) connection_->close();
}

}  // namespace shadowcat::otlp
