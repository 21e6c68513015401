// SPDX-License-Identifier: Apache-2.0
// Feeds Beast's parser by hand, so that no stream type is compiled into it.
#include "reply.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

namespace shadowcat::otlp {

namespace http = boost::beast::http;

ReplyReader::ReplyReader() { restart(); }

void ReplyReader::restart() {
    parser_.emplace();
    parser_->header_limit(kMaxHeaderBytes);
    parser_->body_limit(kMaxBodyBytes);
    parser_->eager(true);
}

bool ReplyReader::is_informational() const { return parser_->get().result_int() < 200; }

void ReplyReader::feed(std::string_view bytes) {
    began_ = began_ || !bytes.empty();
    unread_.append(bytes);
    while (state_ == State::reading && advance()) {
    }
    if (state_ == State::complete && !unread_.empty()) cut_short_ = true;
}

/// One step of the parser; false when it needs more.
bool ReplyReader::advance() {
    boost::system::error_code failed;
    const std::size_t used =
        parser_->put(boost::asio::const_buffer(unread_.data(), unread_.size()), failed);
    unread_.erase(0, used);
    const bool large = failed == http::error::body_limit;
    if (large || (!failed && parser_->is_done())) {
        if (!large && is_informational()) return restart(), !unread_.empty();
        cut_short_ = large;
        state_ = State::complete;
    } else if (failed && failed != http::error::need_more) {
        state_ = State::bad;
    }
    return used > 0 && !unread_.empty();
}

void ReplyReader::feed_end() {
    if (state_ != State::reading) return;
    boost::system::error_code failed;
    if (parser_->got_some()) parser_->put_eof(failed);
    state_ = parser_->is_done() && !failed ? State::complete : State::bad;
}

bool ReplyReader::keeps_connection() const {
    return state_ == State::complete && !cut_short_ && parser_->keep_alive();
}

Reply ReplyReader::take() {
    auto& message = parser_->get();
    Reply reply;
    reply.status = static_cast<int>(message.result_int());
    const auto type = message[http::field::content_type];
    reply.json = type.starts_with("application/json");
    const auto retry = message[http::field::retry_after];
    reply.retry_after.assign(retry.data(), retry.size());
    if (parser_->is_done()) reply.body = std::move(message.body());
    return reply;
}

}  // namespace shadowcat::otlp
