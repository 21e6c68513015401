// SPDX-License-Identifier: Apache-2.0
// EnvelopeReader: validates a JSON text with simdjson and finds the envelope's parts in it.
#pragma once

#include "shadowcat/sdk/message.hpp"

#include "key_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// One pass of simdjson validates the whole text; then a walk over simdjson's structural index (the
/// offsets of all brackets, commas, colons and values) finds the members of the message, of
/// `params` and of `params._meta`. Nothing else is looked at, nothing is copied. See core/adr/0003.
class EnvelopeReader {
public:
    static Result<Message> read(std::string bytes, const ParseLimits& limits);

    static constexpr std::size_t kDeepest = 1024;

private:
    using Span = Message::Span;
    using Part = Message::Part;
    using MemberHandler = void (EnvelopeReader::*)(std::string_view key);

    EnvelopeReader(Message& message, const std::uint32_t* structurals, std::size_t count)
        : message_(message), text_(message.body_->bytes), structurals_(structurals), count_(count) {}

    std::optional<Error> read_envelope();
    std::optional<Error> check_shape();
    std::optional<Error> check_id();
    void unescape_names();

    // Each handler is called with the cursor on a member's value and moves it behind.
    void top_member(std::string_view key);
    void params_member(std::string_view key);
    void meta_member(std::string_view key);

    void enter(Part part, MemberHandler on_member);
    void walk_object(MemberHandler on_member);
    void take(Part part) { span(part) = skip_value(); }
    Span skip_value();

    char at_cursor() const { return text_[structurals_[cursor_]]; }
    Span& span(Part part) { return message_.span(part); }
    std::string_view slice(Part part) const { return message_.text(part); }

    Message& message_;
    const std::string& text_;
    const std::uint32_t* structurals_;
    std::size_t count_;
    std::size_t cursor_ = 0;
    bool jsonrpc_ = false, has_result_ = false, has_error_ = false, bad_params_ = false;
    bool duplicate_ = false;
};

}  // namespace shadowcat::sdk::inline v1
