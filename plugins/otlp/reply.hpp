// SPDX-License-Identifier: Apache-2.0
// Reply and ReplyReader: a collector's HTTP response, read from bytes as they come.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::otlp {

class Reply {
public:
    Reply() = default;
    Reply(int code, std::string text) : status(code), body(std::move(text)) {}

    int status = 0;
    bool json = false;        ///< The body says that it is JSON.
    std::string retry_after;  ///< The header's value, as it came.
    std::string body;         ///< Empty when it was too large to be of interest.
};

/// One response: framing by Beast. Informational ones (1xx) are skipped.
class ReplyReader {
public:
    static constexpr std::uint32_t kMaxHeaderBytes = 16 * 1024;
    static constexpr std::uint64_t kMaxBodyBytes = 64 * 1024;

    enum class State : std::uint8_t { reading, complete, bad };

    ReplyReader();

    /// Takes what was received. What follows a complete response counts as a breach: the connection
    /// is then not kept.
    void feed(std::string_view bytes);

    /// The peer closed.
    void feed_end();

    State state() const noexcept { return state_; }

    /// True once any byte has come.
    bool began() const noexcept { return began_; }

    /// Whether the connection can carry another request; once complete.
    bool keeps_connection() const;

    /// Once complete.
    Reply take();

private:
    using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

    void restart();
    bool advance();
    bool is_informational() const;

    std::optional<Parser> parser_;
    std::string unread_;  // bounded by the parser's limits and one read
    State state_ = State::reading;
    bool began_ = false;
    bool cut_short_ = false;
};

}  // namespace shadowcat::otlp
