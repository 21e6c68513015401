// SPDX-License-Identifier: Apache-2.0
// The walk over simdjson's structural index.
#include "envelope_reader.hpp"

#include "json_number.hpp"
#include "json_parser.hpp"

#include <nlohmann/json.hpp>

#include <cstring>

namespace shadowcat::sdk::inline v1 {

namespace {

Error parse_error(std::string_view what) {
    return Error(ErrorCode::parse, "not valid JSON: " + std::string(what));
}

Error shape_error(std::string_view what) {
    return Error(ErrorCode::invalid_request, "not a JSON-RPC 2.0 message: " + std::string(what));
}

/// The characters of a JSON string token, escapes resolved.
std::string unescape(std::string_view token) {
    return nlohmann::json::parse(token, nullptr, false).get<std::string>();
}

/// As `==`; but `known` is a literal, so that this becomes a comparison of one or two words.
bool is_text(std::string_view text, std::string_view known) {
    return text.size() == known.size() && std::memcmp(text.data(), known.data(), known.size()) == 0;
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

void add_padding(std::string& bytes) {
    if (bytes.capacity() - bytes.size() < simdjson::SIMDJSON_PADDING) {
        bytes.reserve(bytes.size() + simdjson::SIMDJSON_PADDING);
    }
}

/// A copy of `text` with a 0 and blanks in the place of every number, so that all offsets stay.
std::string with_plain_numbers(const std::string& text, const JsonParser& parser) {
    std::string copy = text;
    const std::uint32_t* structurals = parser.structurals();
    for (std::size_t i = 0; i < parser.structural_count(); ++i) {
        const std::size_t start = structurals[i];
        if (text[start] != '-' && (text[start] < '0' || text[start] > '9')) continue;
        std::size_t end = i + 1 < parser.structural_count() ? structurals[i + 1] : text.size();
        while (is_space(text[end - 1]))
            --end;
        if (!is_json_number(std::string_view(text).substr(start, end - start))) continue;
        copy.replace(start, end - start, end - start, ' ');
        copy[start] = '0';
    }
    add_padding(copy);
    return copy;
}

}  // namespace

Result<Message> EnvelopeReader::read(std::string&& bytes, const ParseLimits& limits) {
    Result<Message> message(boost::system::in_place_value);
    if (auto error = fill(*message, std::move(bytes), limits)) message = *std::move(error);
    return message;
}

std::optional<Error> EnvelopeReader::fill(Message& message, std::string&& bytes,
                                          const ParseLimits& limits) {
    if (bytes.size() > limits.max_bytes) {
        return Error(ErrorCode::too_large, "message of " + std::to_string(bytes.size()) +
                                               " bytes exceeds the limit of " +
                                               std::to_string(limits.max_bytes));
    }
    message = Message(std::move(bytes));
    std::string& text = message.body_->bytes;
    add_padding(text);
    JsonParser& parser = JsonParser::of_this_thread();
    auto failed = parser.validate(text, limits.max_depth);
    if (failed == simdjson::NUMBER_ERROR) {  // beyond 64 bits or a double, which JSON allows
        const std::string stand_in = with_plain_numbers(text, parser);
        failed = parser.validate(stand_in, limits.max_depth);
    }
    if (failed) return parse_error(simdjson::error_message(failed));
    EnvelopeReader reader(message, parser.structurals(), parser.structural_count());
    return reader.read_envelope();
}

std::optional<Error> EnvelopeReader::read_envelope() {
    if (at_cursor() == '[') return shape_error("batches are not supported");
    if (at_cursor() != '{') return shape_error("not an object");
    walk_object(Level::top);
    if (duplicate_) return parse_error("duplicate key");
    if (auto error = check_shape()) return error;
    unescape_names();
    return std::nullopt;
}

void EnvelopeReader::walk_object(Level level) {
    Keys keys;
    ++cursor_;
    while (at_cursor() != '}') {
        if (at_cursor() == ',') ++cursor_;
        const std::string_view text = skip_key();
        Key key = key_at(level, text);
        if (key == Key::other && text.find('\\') != std::string_view::npos) {
            const std::string unescaped = unescape({text.data() - 1, text.size() + 2});
            key = key_at(level, unescaped);
            duplicate_ |= !keys.insert(key, unescaped, true);
        } else {
            duplicate_ |= !keys.insert(key, text, false);
        }
        member(level, key);
    }
    ++cursor_;
}

bool EnvelopeReader::Keys::insert(Key key, std::string_view text, bool owned) {
    if (key == Key::other) {
        if (!others_) others_.emplace();
        return others_->insert(text, owned);
    }
    const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(key);
    const bool fresh = (known_ & bit) == 0;
    known_ |= bit;
    return fresh;
}

/// The characters of the key at the cursor, which moves behind the colon.
std::string_view EnvelopeReader::skip_key() {
    const std::uint32_t begin = structurals_[cursor_];
    const Span token = span_until(begin, structurals_[cursor_ + 1]);
    cursor_ += 2;
    return std::string_view(text_).substr(begin + 1, token.size - 2);
}

/// What begins at `begin` and has only white space between itself and `next`.
EnvelopeReader::Span EnvelopeReader::span_until(std::size_t begin, std::size_t next) const {
    while (is_space(text_[next - 1]))
        --next;
    Span span;
    span.offset = static_cast<std::uint32_t>(begin);
    span.size = static_cast<std::uint32_t>(next - begin);
    return span;
}

void EnvelopeReader::enter(Part part, Level level) {
    const std::uint32_t begin = structurals_[cursor_];
    walk_object(level);
    span(part) = span_until(begin, structurals_[cursor_ - 1] + 1);
}

EnvelopeReader::Span EnvelopeReader::skip_value() {
    const std::size_t begin = structurals_[cursor_];
    const char* const text = text_.data();
    std::size_t at = cursor_, depth = 0;
    do {
        const char kind = static_cast<char>(text[structurals_[at++]] | 0x20);  // [ is {, ] is }
        depth += kind == '{';
        depth -= kind == '}';
    } while (depth != 0);
    cursor_ = at;
    return span_until(begin, at < count_ ? structurals_[at] : text_.size());
}

EnvelopeReader::Key EnvelopeReader::key_at(Level level, std::string_view text) noexcept {
    switch (level) {
        case Level::top:
            return top_key(text);
        case Level::params:
            return params_key(text);
        default:
            return meta_key(text);
    }
}

EnvelopeReader::Key EnvelopeReader::top_key(std::string_view text) noexcept {
    if (is_text(text, "jsonrpc")) return Key::jsonrpc;
    if (is_text(text, "id")) return Key::id;
    if (is_text(text, "method")) return Key::method;
    if (is_text(text, "params")) return Key::params;
    if (is_text(text, "result")) return Key::result;
    return is_text(text, "error") ? Key::error : Key::other;
}

EnvelopeReader::Key EnvelopeReader::params_key(std::string_view text) noexcept {
    if (is_text(text, "name")) return Key::name;
    if (is_text(text, "arguments")) return Key::arguments;
    if (is_text(text, "_meta")) return Key::meta;
    if (is_text(text, "uri")) return Key::uri;
    if (is_text(text, "requestId")) return Key::request_id;
    if (is_text(text, "progressToken")) return Key::progress_token;
    return is_text(text, "protocolVersion") ? Key::protocol_version : Key::other;
}

EnvelopeReader::Key EnvelopeReader::meta_key(std::string_view text) noexcept {
    constexpr std::string_view kPrefix = "io.modelcontextprotocol/";
    if (is_text(text, "progressToken")) return Key::progress_token;
    if (is_text(text, "traceparent")) return Key::traceparent;
    if (!text.starts_with(kPrefix)) return Key::other;
    text.remove_prefix(kPrefix.size());
    if (is_text(text, "protocolVersion")) return Key::meta_version;
    if (is_text(text, "clientCapabilities")) return Key::client_capabilities;
    if (is_text(text, "clientInfo")) return Key::client_info;
    if (is_text(text, "logLevel")) return Key::log_level;
    return is_text(text, "subscriptionId") ? Key::subscription_id : Key::other;
}

void EnvelopeReader::member(Level level, Key key) {
    switch (level) {
        case Level::top:
            return top_member(key);
        case Level::params:
            return params_member(key);
        default:
            return meta_member(key);
    }
}

void EnvelopeReader::top_member(Key key) {
    switch (key) {
        case Key::id:
            return take(Part::id);
        case Key::method:
            return take(Part::method);
        case Key::params:
            if (at_cursor() == '{') return enter(Part::params, Level::params);
            bad_params_ = at_cursor() != 'n';  // null counts as absent
            return take(Part::params);
        case Key::jsonrpc: {
            const Span value = skip_value();
            jsonrpc_ = is_text({text_.data() + value.offset, value.size}, "\"2.0\"");
            return;
        }
        default:
            has_result_ |= key == Key::result;
            has_error_ |= key == Key::error;
            skip_value();
    }
}

void EnvelopeReader::params_member(Key key) {
    const bool is_string = at_cursor() == '"';
    switch (key) {
        case Key::meta:
            if (at_cursor() == '{') return enter(Part::meta, Level::meta);
            return take(Part::meta);
        case Key::name:
            if (is_string) return take(Part::name);
            break;
        case Key::uri:
            if (is_string && span(Part::name).size == 0) return take(Part::name);
            break;
        case Key::request_id:
            return take(Part::cancelled_id);
        case Key::progress_token:
            if (span(Part::progress_token).size == 0) return take(Part::progress_token);
            break;
        case Key::protocol_version:
            if (is_string) return take(Part::protocol_version);
            break;
        default:
            break;
    }
    skip_value();
}

void EnvelopeReader::meta_member(Key key) {
    switch (key) {
        case Key::progress_token:
            return take(Part::progress_token);
        case Key::traceparent:
            return take(Part::traceparent);
        case Key::meta_version:
            return take(Part::meta_version);
        case Key::client_capabilities:
            return take(Part::client_capabilities);
        case Key::client_info:
            return take(Part::client_info);
        case Key::log_level:
            return take(Part::log_level);
        case Key::subscription_id:
            return take(Part::subscription_id);
        default:
            skip_value();
    }
}

std::optional<Error> EnvelopeReader::check_shape() {
    if (!jsonrpc_) return shape_error("\"jsonrpc\" is not \"2.0\"");
    if (bad_params_) return shape_error("\"params\" is not an object");
    const std::string_view method = slice(Part::method);
    if (has_result_ && has_error_) return shape_error("both \"result\" and \"error\"");
    if (!method.empty() && (has_result_ || has_error_)) {
        return shape_error("both \"method\" and a response");
    }
    if (method.empty() && !has_result_ && !has_error_) {
        return shape_error("neither \"method\" nor \"result\" nor \"error\"");
    }
    if (!method.empty() && (method.front() != '"' || method.size() == 2)) {
        return shape_error("\"method\" is not a name");
    }
    return check_id();
}

std::optional<Error> EnvelopeReader::check_id() {
    const std::string_view id = slice(Part::id);
    const bool response = has_result_ || has_error_;
    if (has_error_ && id == "null") span(Part::id) = Span();
    if (!id.empty() && !(has_error_ && id == "null")) {
        const bool integer = (id.front() == '-' || (id.front() >= '0' && id.front() <= '9')) &&
                             id.find_first_of(".eE") == std::string_view::npos;
        if (id.front() != '"' && !integer) {
            return shape_error("\"id\" is neither a string nor an integer");
        }
    }
    if (has_result_ && id.empty()) return shape_error("a result without \"id\"");
    if (response) {
        message_.body_->kind = has_error_ ? MessageKind::error : MessageKind::result;
    } else {
        message_.body_->kind = id.empty() ? MessageKind::notification : MessageKind::request;
    }
    return std::nullopt;
}

void EnvelopeReader::unescape_names() {
    const std::string_view method = slice(Part::method);
    if (method.find('\\') != std::string_view::npos)
        message_.body_->unescaped_method = unescape(method);
    const std::string_view name = slice(Part::name);
    if (name.find('\\') != std::string_view::npos) message_.body_->unescaped_name = unescape(name);
}

}  // namespace shadowcat::sdk::inline v1
