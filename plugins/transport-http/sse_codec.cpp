// SPDX-License-Identifier: Apache-2.0
// Event streams by the WHATWG rules; long data lines are copied once.
#include "sse_codec.hpp"

#include <charconv>
#include <cstring>
#include <utility>

namespace shadowcat::http {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kData = "data:";

/// The position of the first CR or LF, or npos.
std::size_t find_line_end(std::string_view text) {
    const void* lf = std::memchr(text.data(), '\n', text.size());
    const std::size_t until =
        lf ? static_cast<std::size_t>(static_cast<const char*>(lf) - text.data()) : text.size();
    const void* cr = std::memchr(text.data(), '\r', until);
    if (cr) return static_cast<std::size_t>(static_cast<const char*>(cr) - text.data());
    return lf ? until : std::string_view::npos;
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

void SseParser::restart() {
    SseParser anew(max_bytes_);
    anew.last_id_ = std::move(last_id_);
    anew.retry_ms_ = retry_ms_;
    *this = std::move(anew);
}

SseParser::Status SseParser::parse(std::string_view& input) {
    while (!input.empty()) {
        if (std::exchange(skip_lf_, false) && input.front() == '\n') {
            input.remove_prefix(1);
            continue;
        }
        const std::size_t end = find_line_end(input);
        take(input.substr(0, end));
        if (data_.size() + line_.size() + type_.size() > max_bytes_) return Status::too_large;
        if (end == std::string_view::npos) {
            input = std::string_view();
            break;
        }
        skip_lf_ = input[end] == '\r';
        input.remove_prefix(end + 1);
        if (end_of_line()) return Status::event;
    }
    return Status::need_more;
}

void SseParser::take(std::string_view part) {
    if (mode_ == Mode::ignored) return;
    if (mode_ == Mode::data) {
        data_.append(part);
        return;
    }
    // A data line that is wholly here, the usual case, bypasses line_.
    if (line_.empty() && !first_line_ && part.size() > kData.size() && part.starts_with(kData)) {
        part.remove_prefix(kData.size());
        if (part.front() == ' ') part.remove_prefix(1);
        data_.append(part);
        mode_ = Mode::data;
        return;
    }
    line_.append(part);
    decide(false);
}

/// Settles what kind of line this is, as soon as its first bytes tell.
void SseParser::decide(bool complete) {
    if (first_line_) {
        if (line_.size() < kBom.size() && !complete) return;
        if (line_.starts_with(kBom)) line_.erase(0, kBom.size());
        first_line_ = false;
    }
    if (line_.starts_with(':')) {
        mode_ = Mode::ignored;
        line_.clear();
    } else if (line_.size() > kData.size() && line_.starts_with(kData)) {
        const std::size_t skipped = kData.size() + (line_[kData.size()] == ' ' ? 1 : 0);
        data_.append(line_, skipped);
        mode_ = Mode::data;
        line_.clear();
    }
}

bool SseParser::end_of_line() {
    if (mode_ == Mode::undecided) decide(true);
    const Mode mode = std::exchange(mode_, Mode::undecided);
    if (mode == Mode::ignored) return false;
    if (mode == Mode::data) {
        data_.push_back('\n');
        has_data_ = true;
        return false;
    }
    if (line_.empty()) return dispatch();
    const std::string line = std::exchange(line_, std::string());
    const std::size_t colon = line.find(':');
    std::string_view value;
    if (colon != std::string::npos) value = std::string_view(line).substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(std::string_view(line).substr(0, colon), value);
    return false;
}

void SseParser::field(std::string_view name, std::string_view value) {
    if (name == "data") {
        data_.append(value).push_back('\n');
        has_data_ = true;
    } else if (name == "event") {
        type_ = value;
    } else if (name == "id") {
        if (value.find('\0') == std::string_view::npos) id_ = value;
    } else if (name == "retry" && all_digits(value)) {
        std::uint64_t milliseconds = 0;
        const auto parsed =
            std::from_chars(value.data(), value.data() + value.size(), milliseconds);
        has_retry_ = has_retry_ || parsed.ec == std::errc();
        if (parsed.ec == std::errc()) retry_ms_ = milliseconds;
    }
}

bool SseParser::dispatch() {
    has_id_ = has_id_ || id_;
    if (id_) last_id_ = *std::exchange(id_, std::nullopt);
    std::string type = std::exchange(type_, std::string());
    if (!std::exchange(has_data_, false)) return false;
    data_.pop_back();
    event_.type = std::move(type);
    event_.data = std::exchange(data_, std::string());
    event_.has_id = std::exchange(has_id_, false);
    event_.has_retry = std::exchange(has_retry_, false);
    return true;
}

namespace sse {

void append_message(std::string& out, std::string_view json, std::string_view id) {
    out.reserve(out.size() + json.size() + id.size() + 32);
    if (!id.empty()) out.append("id: ").append(id).append("\n");
    out.append(kMessagePrefix).append(json).append(kEventEnd);
}

void append_priming(std::string& out, std::string_view id) {
    out.append("id: ").append(id).append("\ndata: \n\n");
}

void append_comment(std::string& out, std::string_view text) {
    out.append(": ").append(text).append(kEventEnd);
}

void append_retry(std::string& out, std::uint64_t milliseconds) {
    out.append("retry: ").append(std::to_string(milliseconds)).append(kEventEnd);
}

}  // namespace sse

}  // namespace shadowcat::http
