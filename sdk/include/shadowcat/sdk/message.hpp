// SPDX-License-Identifier: Apache-2.0
// Message: one JSON-RPC message, its received bytes plus the envelope a proxy needs.
#pragma once

#include "shadowcat/sdk/export.hpp"
#include "shadowcat/sdk/frame_memory.hpp"
#include "shadowcat/sdk/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace shadowcat::sdk::inline v1 {

/// What JSON-RPC 2.0 kind a message is. `result` and `error` are the two kinds of response.
enum class MessageKind : std::uint8_t { request, notification, result, error };

/// Bounds that `Message::parse` enforces.
class ParseLimits {
public:
    ParseLimits() = default;
    ParseLimits(std::size_t bytes, std::size_t depth) : max_bytes(bytes), max_depth(depth) {}
    bool operator==(const ParseLimits&) const = default;

    std::size_t max_bytes = 10 * 1024 * 1024;  ///< Larger input fails with `too_large`.
    std::size_t max_depth = 128;               ///< Deeper nesting fails with `parse`.
};

/// One JSON-RPC message: the bytes as they were received, owned once, and where in them the parts
/// are that a proxy looks at. Forwarding sends those bytes; `set_*` splices only the bytes it must.
///
/// Movable at the cost of a pointer, and copyable (a copy copies the bytes). Not synchronised:
/// owned by one worker at a time.
class SHADOWCAT_API Message {
public:
    /// An empty message, only good for assigning to.
    Message() noexcept = default;
    Message(const Message& other);
    Message& operator=(const Message& other);
    Message(Message&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
    Message& operator=(Message&& other) noexcept {
        std::swap(body_, other.body_);
        return *this;
    }
    ~Message() {
        if (body_) discard(body_);
    }

    /// Validates `bytes` as one JSON text (UTF-8, depth, no duplicate keys in the message, its
    /// `params` and `params._meta`) and as JSON-RPC 2.0. Fails with `too_large`, `parse` or
    /// `invalid_request` (arrays, that is batches, are `invalid_request`). No DOM is kept.
    static Result<Message> parse(std::string bytes, const ParseLimits& limits = ParseLimits());

    /// A line that is no message (not JSON, not JSON-RPC, or blank), to be passed on as it is where
    /// both sides are streams of lines. Looks like a notification without a method.
    static Message opaque(std::string line);
    bool is_opaque() const noexcept { return is_notification() && text(Part::method).empty(); }

    /// The JSON text. Valid until the message is changed, moved from or destroyed.
    const std::string& bytes() const noexcept { return body_ ? body_->bytes : kNoBytes; }

    /// Gives the bytes away; the message is empty afterwards.
    std::string release() && noexcept;

    MessageKind kind() const noexcept { return body_ ? body_->kind : MessageKind::notification; }
    bool is_request() const noexcept { return kind() == MessageKind::request; }
    bool is_notification() const noexcept { return kind() == MessageKind::notification; }
    bool is_response() const noexcept { return kind() >= MessageKind::result; }

    /// The id as it stands in the text, quotes included, so that `7` and `"7"` differ. Empty for
    /// notifications and for error responses without a readable id.
    std::string_view id() const noexcept { return text(Part::id); }

    /// The method, unescaped. Empty for responses.
    std::string_view method() const noexcept;

    /// `params.name` or, without it, `params.uri`, unescaped. Empty when there is neither.
    std::string_view name() const noexcept;

    /// The progress token as it stands in the text: `params._meta.progressToken` of a request,
    /// `params.progressToken` of `notifications/progress`. Empty when absent.
    std::string_view progress_token() const noexcept { return text(Part::progress_token); }

    /// `params.requestId` of `notifications/cancelled` as it stands in the text. Empty when absent.
    std::string_view cancelled_id() const noexcept { return text(Part::cancelled_id); }

    /// `params.protocolVersion` (of `initialize`) without its quotes. Empty when absent.
    std::string_view protocol_version() const noexcept { return unquoted(Part::protocol_version); }

    /// `params._meta["io.modelcontextprotocol/protocolVersion"]` without its quotes. Empty when
    /// absent.
    std::string_view meta_version() const noexcept { return unquoted(Part::meta_version); }

    /// `params._meta.traceparent` without its quotes. Empty when absent.
    std::string_view traceparent() const noexcept { return unquoted(Part::traceparent); }

    /// `params` as it stands in the text; empty when absent.
    std::string_view params() const noexcept { return text(Part::params); }

    /// `params._meta` as it stands in the text; empty when absent.
    std::string_view meta() const noexcept { return text(Part::meta); }

    /// True when the message carries its own protocol version, as requests of the stateless era
    /// (2026-07-28) do: whatever sends it then speaks that era.
    bool is_stateless() const noexcept { return !text(Part::meta_version).empty(); }

    /// `params._meta["io.modelcontextprotocol/clientCapabilities"]` as it stands in the text; empty
    /// when absent.
    std::string_view client_capabilities() const noexcept {
        return text(Part::client_capabilities);
    }

    /// `params._meta["io.modelcontextprotocol/clientInfo"]` as it stands in the text; empty when
    /// absent.
    std::string_view client_info() const noexcept { return text(Part::client_info); }

    /// `params._meta["io.modelcontextprotocol/logLevel"]` without its quotes. Empty when absent.
    std::string_view log_level() const noexcept { return unquoted(Part::log_level); }

    /// `params._meta["io.modelcontextprotocol/subscriptionId"]` of a notification, as it stands in
    /// the text: the id of the `subscriptions/listen` that it belongs to. Empty when absent.
    std::string_view subscription_id() const noexcept { return text(Part::subscription_id); }

    /// Replaces `params._meta.traceparent`, or adds it (with `params` and `_meta` where they are
    /// missing). For requests and notifications; no effect on responses, or when `params` or
    /// `_meta` is no object. `value` has no characters that JSON escapes.
    void set_traceparent(std::string_view value);

    /// Replace one token by another (JSON text, quotes included). No effect when the part is
    /// absent.
    void set_id(std::string_view token) { splice(Part::id, token); }
    void set_progress_token(std::string_view token) { splice(Part::progress_token, token); }
    void set_cancelled_id(std::string_view token) { splice(Part::cancelled_id, token); }
    void set_subscription_id(std::string_view token) { splice(Part::subscription_id, token); }

    /// Removes insignificant white space if the text holds a line break (other than the `\r` of a
    /// line's own end), so that the message fits on one line of a line-framed transport. Strings
    /// and number lexemes stay as they are.
    void make_single_line();

    /// Fault injection: makes the text invalid JSON by overwriting its last byte; everything else
    /// of the message stays readable here.
    void damage() noexcept {
        if (body_ && !body_->bytes.empty()) body_->bytes.back() = '!';
    }

private:
    friend class EnvelopeReader;

    enum class Part : std::uint8_t {
        id,
        method,
        name,
        progress_token,
        cancelled_id,
        protocol_version,
        meta_version,
        traceparent,
        client_capabilities,
        client_info,
        log_level,
        subscription_id,
        params,  ///< as a whole, braces included
        meta,    ///< `params._meta` as a whole, braces included
        count
    };
    class Span {
    public:
        std::uint32_t offset = 0;
        std::uint32_t size = 0;
    };

    /// All there is to a message.
    class Body {
    public:
        explicit Body(std::string text) noexcept : bytes(std::move(text)) {}
        static void* operator new(std::size_t size) { return allocate_frame(size); }
        static void operator delete(void* body, std::size_t size) noexcept {
            release_frame(body, size);
        }

        std::string bytes;
        std::array<Span, static_cast<std::size_t>(Part::count)> spans;
        std::string unescaped_method;  // only when the text escapes characters of it
        std::string unescaped_name;
        MessageKind kind = MessageKind::notification;
    };
    static const std::string kNoBytes;

    explicit Message(std::string bytes) : body_(new Body(std::move(bytes))) {}
    static void discard(Body* body) noexcept;

    std::string_view text(Part part) const noexcept {
        if (!body_) return {};
        const Span& span = body_->spans[static_cast<std::size_t>(part)];
        return {body_->bytes.data() + span.offset, span.size};
    }
    std::string_view unquoted(Part part) const noexcept;
    Span& span(Part part) noexcept { return body_->spans[static_cast<std::size_t>(part)]; }
    void splice(Part part, std::string_view token);
    void replace(std::uint32_t offset, std::uint32_t size, std::string_view text);
    void insert_traceparent(Part into, std::string_view before, std::string_view token,
                            std::string_view after);
    void insert_traceparent(std::uint32_t brace, std::string_view before, std::string_view token,
                            std::string_view after, bool alone);

    Body* body_ = nullptr;
};

}  // namespace shadowcat::sdk::inline v1
