// SPDX-License-Identifier: Apache-2.0
// Validates a line, cuts the message out of it and reads the rest.
#include "format/line_parser.hpp"

#include "shadowcat/sdk/json_edit.hpp"

#include "format/big_numbers.hpp"
#include "format/names.hpp"

#include <simdjson.h>

#include <charconv>
#include <cmath>

namespace shadowcat::tape {

static_assert(LineParser::kPadding >= simdjson::SIMDJSON_PADDING);

namespace {

constexpr std::size_t kMaxLineDepth = 1024;
constexpr std::size_t kSmallLine = 64 * 1024;

template <class T>
std::optional<std::string> take_number(const sdk::Json& fields, const char* key, T& into) {
    const auto found = fields.find(key);
    if (found == fields.end()) return std::nullopt;
    const bool fits = std::is_same_v<T, double> ? found->is_number() : found->is_number_unsigned();
    if (!fits) return std::string("\"") + key + "\" is no number";
    into = found->get<T>();
    return std::nullopt;
}

std::string text_in(const sdk::Json& fields, const char* key) {
    const auto found = fields.find(key);
    return found != fields.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag_in(const sdk::Json& fields, const char* key, bool otherwise) {
    const auto found = fields.find(key);
    return found != fields.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

std::optional<std::string> read_frame(const sdk::Json& fields, TapeLine& line) {
    if (!fields.contains("seq")) return "a frame without \"seq\"";
    if (auto wrong = take_number(fields, "seq", line.seq)) return wrong;
    if (auto wrong = take_number(fields, "exchange", line.exchange)) return wrong;
    if (auto wrong = take_number(fields, "stream", line.stream)) return wrong;
    const auto direction = direction_of(text_in(fields, "dir"));
    if (!direction) return "a frame without a known \"dir\"";
    const auto kind = message_kind_of(text_in(fields, "kind"));
    if (!kind) return "a frame without a known \"kind\"";
    line.direction = *direction;
    line.message_kind = *kind;
    line.method = text_in(fields, "method");
    line.name = text_in(fields, "name");
    line.revision = text_in(fields, "revision");
    line.redacted = flag_in(fields, "redacted", false);
    return std::nullopt;
}

}  // namespace

/// simdjson's parser, whose buffers are given back after a large line.
class LineParser::Validator {
public:
    bool valid(std::string_view text) {
        auto failed = check(text);
        if (failed != simdjson::NUMBER_ERROR) return failed == simdjson::SUCCESS;
        std::string small = with_small_numbers(text);
        small.reserve(small.size() + simdjson::SIMDJSON_PADDING);
        return check(small) == simdjson::SUCCESS;
    }

private:
    simdjson::error_code check(std::string_view text) {
        const bool shrink = text.size() <= kSmallLine && parser_.capacity() > 16 * kSmallLine;
        if (text.size() > parser_.capacity() || shrink || parser_.max_depth() != kMaxLineDepth) {
            const auto failed = parser_.allocate(std::max(text.size(), kSmallLine), kMaxLineDepth);
            if (failed) return failed;
        }
        return parser_.parse(text.data(), text.size(), false).error();
    }

    simdjson::dom::parser parser_;
};

LineParser::LineParser() : validator_(std::make_unique<Validator>()) {}
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;
LineParser::~LineParser() = default;

/// False when `text` is no JSON object.
bool LineParser::split(std::string_view text) {
    if (!text.starts_with('{') || !validator_->valid(text)) return false;
    without_message_ = "{";
    message_ = raw_ = id_ = {};
    sdk::json::for_each_member(text, [&](std::string_view key, std::string_view value) {
        if (key == "msg") {
            message_ = value;
        } else if (key == "raw") {
            raw_ = value;
        } else {
            if (key == "id") id_ = value;
            const sdk::Json quoted(key);
            if (without_message_.size() > 1) without_message_ += ',';
            without_message_.append(quoted.dump()).append(":").append(value);
        }
    });
    without_message_ += '}';
    return true;
}

std::optional<std::string> LineParser::parse(std::string_view text, TapeLine& line) {
    line = TapeLine();
    if (!split(text)) return "no JSON object";
    line.fields = sdk::Json::parse(without_message_, nullptr, false);
    if (!line.fields.is_object()) return "numbers that are too large";
    const std::string type = text_in(line.fields, "type");
    if (type.empty()) return "no \"type\"";
    line.kind = line_kind_of(type);
    if (line.kind == TapeLine::Kind::unknown) return std::nullopt;
    if (auto wrong = take_number(line.fields, "ts", line.ts_ms)) return wrong;
    if (line.kind != TapeLine::Kind::frame) return std::nullopt;
    if (auto wrong = read_frame(line.fields, line)) return wrong;
    line.id = id_;
    if (message_.empty() && !sdk::json::is_string(raw_)) return "a frame without a message";
    line.message = message_.empty() ? sdk::json::unquote(raw_) : std::string(message_);
    return std::nullopt;
}

std::optional<std::string> LineParser::parse_init(std::string_view text, TapeInit& init) {
    if (!split(text)) return "no JSON object";
    const sdk::Json fields = sdk::Json::parse(without_message_, nullptr, false);
    if (!fields.is_object() || text_in(fields, "type") != "init") return "no init line";
    init = TapeInit();
    init.version = text_in(fields, "version");
    init.tape_id = text_in(fields, "tape_id");
    init.session = text_in(fields, "session");
    init.created_at = text_in(fields, "created_at");
    init.revision = text_in(fields, "revision");
    init.era = era_named(text_in(fields, "era")).value_or(sdk::Era::session);
    init.upstream = text_in(fields, "upstream");
    init.redacted = flag_in(fields, "redacted", true);
    if (auto wrong = take_number(fields, "part", init.part)) return wrong;
    if (auto wrong = take_number(fields, "first_seq", init.first_seq)) return wrong;
    return std::nullopt;
}

std::optional<LineParser::Position> LineParser::position(std::string_view text) {
    constexpr std::string_view kBegin = R"({"type":"frame","seq":)";
    constexpr std::string_view kTime = R"(,"ts":)";
    if (!text.starts_with(R"({"type":"frame")")) {
        if (text.starts_with(R"({"type":")")) return std::nullopt;
    } else if (text.starts_with(kBegin)) {
        Position found(0, 0);
        const char* const end = text.data() + text.size();
        const auto seq = std::from_chars(text.data() + kBegin.size(), end, found.seq);
        const std::string_view rest(seq.ptr, static_cast<std::size_t>(end - seq.ptr));
        if (seq.ec == std::errc() && rest.starts_with(kTime) &&
            std::from_chars(rest.data() + kTime.size(), end, found.ts_ms).ec == std::errc())
            return found;
    }
    TapeLine line;
    if (parse(text, line) || line.kind != TapeLine::Kind::frame) return std::nullopt;
    return Position(line.seq, line.ts_ms);
}

}  // namespace shadowcat::tape
