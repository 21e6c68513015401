// SPDX-License-Identifier: Apache-2.0
// RequestParser: Beast's parser for one request, made strict where Beast is lenient.
#pragma once

#include "request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace shadowcat::http {

enum class ParseState : std::uint8_t {
    head,      ///< more of the head is needed
    body,      ///< the head is complete, the body isn't
    complete,  ///< the whole request was read
    bad,       ///< not HTTP/1.x, or ambiguous (smuggling)
    head_too_large,
    body_too_large
};

/// Parses one request from bytes that arrive in any pieces; sans I/O. Make a new one per request
/// (it allocates nothing itself). `head` and `body` outlive it and keep their capacity.
class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    RequestParser(RequestHead& head, std::string& body, std::uint32_t max_header_bytes);

    /// Takes what it can of `bytes` and returns how much that was. The head is taken as a whole:
    /// until it is complete nothing is, and the same bytes must come again with more behind them.
    /// Stops after the head, so that it can be judged before the body is read.
    std::size_t feed(std::string_view bytes);

    /// Room for what comes next of a body whose length is known, at the end of `body` itself, so
    /// that a large one is not copied; empty for others. Then say how much came: nothing else may
    /// be asked of this or of `body` in between.
    boost::asio::mutable_buffer body_room();
    void take_body(std::size_t count);

    ParseState state() const noexcept { return parse_state_; }

    /// Bounds the body; call once the head is complete.
    void limit_body(std::uint64_t bytes) { body_limit(bytes); }

private:
    using Text = boost::beast::string_view;
    using Code = boost::beast::error_code;
    using Field = boost::beast::http::field;

    void on_request_impl(boost::beast::http::verb, Text, Text target, int version, Code&) override;
    void on_response_impl(int, Text, int, Code&) override {}
    void on_field_impl(Field field, Text name, Text value, Code& code) override;
    void on_header_impl(Code& code) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
    std::size_t on_body_impl(Text bytes, Code&) override;
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text bytes, Code&) override;
    void on_finish_impl(Code&) override {}

    std::size_t feed_head(std::string_view bytes);
    std::size_t find_head_end(std::string_view bytes);
    void take_target(std::string_view target, Code& code);
    void take_framing(Field field, std::string_view value, Code& code);
    void take_named_field(std::string_view name, std::string_view value);
    void take_mcp_field(std::string_view name, std::string_view value);
    void take_mirrored(std::string_view name, std::string_view value);
    void settle(const Code& code);

    RequestHead& head_;
    std::string& body_;
    std::size_t max_header_bytes_;
    std::size_t scanned_ = 0;   // bytes of an incomplete head that were searched
    std::size_t in_place_ = 0;  // where the room in the body begins
    bool takes_in_place_ = false;
    unsigned framing_fields_ = 0;
    ParseState parse_state_ = ParseState::head;
};

}  // namespace shadowcat::http
