// SPDX-License-Identifier: Apache-2.0
// The walk over simdjson's structural index.
#include "envelope_reader.hpp"

#include "json_number.hpp"
#include "json_parser.hpp"

#include <nlohmann/json.hpp>

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

Result<Message> EnvelopeReader::read(std::string bytes, const ParseLimits& limits) {
    if (bytes.size() > limits.max_bytes) {
        return Error(ErrorCode::too_large, "message of " + std::to_string(bytes.size()) +
                                               " bytes exceeds the limit of " +
                                               std::to_string(limits.max_bytes));
    }
    Message message(std::move(bytes));
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
    if (auto error = reader.read_envelope()) return *std::move(error);
    return message;
}

std::optional<Error> EnvelopeReader::read_envelope() {
    if (at_cursor() == '[') return shape_error("batches are not supported");
    if (at_cursor() != '{') return shape_error("not an object");
    walk_object(&EnvelopeReader::top_member);
    if (duplicate_) return parse_error("duplicate key");
    if (auto error = check_shape()) return error;
    unescape_names();
    return std::nullopt;
}

void EnvelopeReader::walk_object(MemberHandler on_member) {
    KeySet keys;
    ++cursor_;
    while (at_cursor() != '}') {
        if (at_cursor() == ',') ++cursor_;
        const Span key_span = skip_value();
        const std::string_view token =
            std::string_view(text_).substr(key_span.offset, key_span.size);
        ++cursor_;  // the colon
        const bool escaped = token.find('\\') != std::string_view::npos;
        const std::string unescaped = escaped ? unescape(token) : std::string();
        const std::string_view key = escaped ? unescaped : token.substr(1, token.size() - 2);
        if (!keys.insert(key, escaped)) duplicate_ = true;
        (this->*on_member)(key);
    }
    ++cursor_;
}

void EnvelopeReader::enter(Part part, MemberHandler on_member) {
    const std::uint32_t begin = structurals_[cursor_];
    walk_object(on_member);
    span(part).offset = begin;
    span(part).size = structurals_[cursor_ - 1] + 1 - begin;
}

EnvelopeReader::Span EnvelopeReader::skip_value() {
    Span value;
    value.offset = structurals_[cursor_];
    std::size_t depth = 0;
    do {
        const char kind = static_cast<char>(at_cursor() | 0x20);  // folds [ onto {, ] onto }
        depth += kind == '{';
        depth -= kind == '}';
        ++cursor_;
    } while (depth != 0);
    std::size_t end = cursor_ < count_ ? structurals_[cursor_] : text_.size();
    while (is_space(text_[end - 1]))
        --end;
    value.size = static_cast<std::uint32_t>(end - value.offset);
    return value;
}

void EnvelopeReader::top_member(std::string_view key) {
    if (key == "id") return take(Part::id);
    if (key == "method") return take(Part::method);
    if (key == "params") {
        if (at_cursor() == '{') return enter(Part::params, &EnvelopeReader::params_member);
        bad_params_ = at_cursor() != 'n';  // null counts as absent
        return take(Part::params);
    }
    has_result_ |= key == "result";
    has_error_ |= key == "error";
    const Span value = skip_value();
    if (key == "jsonrpc") jsonrpc_ = text_.compare(value.offset, value.size, "\"2.0\"") == 0;
}

void EnvelopeReader::params_member(std::string_view key) {
    const bool is_string = at_cursor() == '"';
    if (key == "_meta") {
        if (at_cursor() == '{') return enter(Part::meta, &EnvelopeReader::meta_member);
        return take(Part::meta);
    }
    if (key == "name" && is_string) return take(Part::name);
    if (key == "uri" && is_string && span(Part::name).size == 0) return take(Part::name);
    if (key == "requestId") return take(Part::cancelled_id);
    if (key == "progressToken" && span(Part::progress_token).size == 0) {
        return take(Part::progress_token);
    }
    if (key == "protocolVersion" && is_string) return take(Part::protocol_version);
    skip_value();
}

void EnvelopeReader::meta_member(std::string_view key) {
    constexpr std::string_view kPrefix = "io.modelcontextprotocol/";
    if (key == "progressToken") return take(Part::progress_token);
    if (key == "traceparent") return take(Part::traceparent);
    if (!key.starts_with(kPrefix)) return void(skip_value());
    key.remove_prefix(kPrefix.size());
    if (key == "protocolVersion") return take(Part::meta_version);
    if (key == "clientCapabilities") return take(Part::client_capabilities);
    if (key == "clientInfo") return take(Part::client_info);
    if (key == "logLevel") return take(Part::log_level);
    if (key == "subscriptionId") return take(Part::subscription_id);
    skip_value();
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
