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
    static Result<Message> read(std::string&& bytes, const ParseLimits& limits);

    static constexpr std::size_t kDeepest = 1024;

private:
    using Span = Message::Span;
    using Part = Message::Part;

    /// Which object is walked over.
    enum class Level : std::uint8_t { top, params, meta };

    /// The members that a proxy looks at, or that are so frequent that they needn't be compared as
    /// texts.
    enum class Key : std::uint8_t {
        id,
        method,
        params,
        result,
        error,
        jsonrpc,
        meta,
        name,
        uri,
        arguments,
        request_id,
        progress_token,
        protocol_version,
        traceparent,
        meta_version,
        client_capabilities,
        client_info,
        log_level,
        subscription_id,
        other
    };

    /// Notices a key that appears twice in one object.
    class Keys {
    public:
        bool insert(Key key, std::string_view text, bool owned);

    private:
        std::uint32_t known_ = 0;
        std::optional<KeySet> others_;
    };

    EnvelopeReader(Message& message, const std::uint32_t* structurals, std::size_t count)
        : message_(message),
          text_(message.body_->bytes),
          structurals_(structurals),
          count_(count) {}

    static std::optional<Error> fill(Message& message, std::string&& bytes,
                                     const ParseLimits& limits);
    std::optional<Error> read_envelope();
    std::optional<Error> check_shape();
    std::optional<Error> check_id();
    void unescape_names();

    static Key key_at(Level level, std::string_view text) noexcept;
    static Key top_key(std::string_view text) noexcept;
    static Key params_key(std::string_view text) noexcept;
    static Key meta_key(std::string_view text) noexcept;

    // Each is called with the cursor on a member's value and moves it behind.
    void member(Level level, Key key);
    void top_member(Key key);
    void params_member(Key key);
    void meta_member(Key key);

    void enter(Part part, Level level);
    void walk_object(Level level);
    void take(Part part) { span(part) = skip_value(); }
    Span skip_value();
    std::string_view skip_key();
    Span span_until(std::size_t begin, std::size_t next) const;

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
