// SPDX-License-Identifier: Apache-2.0
// ResponseParser: Beast's parser for one response, keeping only what MCP needs of its head.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::http {

/// One per connection, filled anew for each response; keeps its capacity.
class ResponseHead {
public:
    void clear() {
        status = 0;
        content_type.clear();
        content_encoding.clear();
        session_id.clear();
        location.clear();
        session_ids = 0;
    }

    bool is_informational() const noexcept { return status / 100 == 1; }
    bool is_success() const noexcept { return status / 100 == 2; }

    int status = 0;
    std::string content_type;
    std::string content_encoding;
    std::string session_id;
    std::string location;
    unsigned session_ids = 0;  ///< how often the header stands there
};

/// Parses one response from bytes that arrive in any pieces; sans I/O. Make a new one per response
/// (it allocates nothing). `head` and `body` outlive it.
class ResponseParser final : public boost::beast::http::basic_parser<false> {
public:
    ResponseParser(ResponseHead& head, std::string& body, std::uint32_t max_header_bytes);

    enum class State : std::uint8_t { head, body, complete, bad };

    /// Takes what it can of `bytes` and returns how much that was; the rest must come again with
    /// more behind it. Stops after the head. Decoded body bytes are appended to `body`.
    std::size_t feed(std::string_view bytes);

    /// Room for what comes next of a body whose length is known, at the end of `body` itself, so
    /// that a large one is not copied; empty for others. Then say how much came: nothing else may
    /// be asked of this or of `body` in between.
    boost::asio::mutable_buffer body_room();
    void take_body(std::size_t count);

    /// The peer closed the connection: completes a body that ends that way.
    void feed_end();

    State state() const noexcept { return state_; }

    /// Why the state is `bad`.
    const std::string& problem() const noexcept { return problem_; }

    /// Content-Length, once the head is complete.
    std::optional<std::uint64_t> length() const;

private:
    using Text = boost::beast::string_view;
    using Code = boost::beast::error_code;
    using Field = boost::beast::http::field;

    void on_request_impl(boost::beast::http::verb, Text, Text, int, Code&) override {}
    void on_response_impl(int status, Text, int, Code&) override { head_.status = status; }
    void on_field_impl(Field field, Text name, Text value, Code& code) override;
    void on_header_impl(Code&) override { in_trailer_ = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
    std::size_t on_body_impl(Text bytes, Code&) override { return take(bytes); }
    void on_chunk_header_impl(std::uint64_t, Text, Code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text bytes, Code&) override {
        return take(bytes);
    }
    void on_finish_impl(Code&) override {}

    std::size_t take(Text bytes) {
        if (!takes_in_place_) body_.append(bytes.data(), bytes.size());
        return bytes.size();
    }
    void settle(const Code& code);
    void fail(std::string problem);

    ResponseHead& head_;
    std::string& body_;
    std::string problem_;
    std::size_t in_place_ = 0;  // where the room in the body begins
    State state_ = State::head;
    bool takes_in_place_ = false;
    bool in_trailer_ = false;
};

}  // namespace shadowcat::http
