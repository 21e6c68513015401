// SPDX-License-Identifier: Apache-2.0
// Reads status, Retry-After and the body's message.
#include "verdict.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <ctime>

namespace shadowcat::otlp {

namespace {

using Json = nlohmann::json;

std::optional<std::chrono::seconds> seconds_in(const std::string& text) {
    std::uint32_t seconds = 0;
    const char* end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data(), end, seconds);
    if (last == end && failed == std::errc::result_out_of_range) seconds = UINT32_MAX;
    if (last != end || failed == std::errc::invalid_argument) return std::nullopt;
    return std::chrono::seconds(seconds);
}

/// Retry-After is a number of seconds or a date (RFC 9110, 10.2.3).
std::optional<std::chrono::seconds> retry_after(const std::string& text,
                                                std::chrono::system_clock::time_point now) {
    if (const auto seconds = seconds_in(text)) return seconds;
    std::tm date = {};
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (end == nullptr || *end != '\0') return std::nullopt;
    const auto then = std::chrono::system_clock::from_time_t(::timegm(&date));
    return std::chrono::ceil<std::chrono::seconds>(std::max(then - now, {}));
}

Json json_of(const Reply& reply) {
    if (!reply.json) return Json();
    return Json::parse(reply.body, nullptr, false);
}

/// The text of a member; empty when there is none.
std::string text_in(const Json& object, const char* key) {
    if (!object.is_object() || !object.contains(key) || !object.at(key).is_string()) return {};
    return object.at(key).get<std::string>().substr(0, Verdict::kMaxReason);
}

/// 64-bit numbers are strings in OTLP/JSON, but numbers must be understood too.
std::int64_t number_in(const Json& object, const char* key) {
    if (!object.contains(key)) return 0;
    const Json& value = object.at(key);
    if (value.is_number_integer()) return value.get<std::int64_t>();
    const std::string text = text_in(object, key);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Verdict accepted(const Reply& reply) {
    Verdict verdict(Verdict::Kind::accepted);
    const Json body = json_of(reply);
    if (!body.is_object() || !body.contains("partialSuccess")) return verdict;
    const Json& partial = body.at("partialSuccess");
    if (!partial.is_object()) return verdict;
    verdict.reason = text_in(partial, "errorMessage");
    verdict.rejected =
        std::max(number_in(partial, "rejectedSpans"), number_in(partial, "rejectedDataPoints"));
    return verdict;
}

bool is_temporary(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

Verdict judge(const sdk::Result<Reply>& outcome, std::chrono::system_clock::time_point now) {
    if (outcome.has_error()) return Verdict(Verdict::Kind::later, outcome.error().message());
    const Reply& reply = outcome.value();
    if (reply.status >= 200 && reply.status < 300) return accepted(reply);
    const std::string message = text_in(json_of(reply), "message");
    const bool temporary = is_temporary(reply.status);
    Verdict verdict(temporary ? Verdict::Kind::later : Verdict::Kind::refused,
                    "status " + std::to_string(reply.status));
    if (!message.empty()) verdict.reason.append(": ").append(message);
    if (temporary) verdict.retry_after = retry_after(reply.retry_after, now);
    return verdict;
}

}  // namespace shadowcat::otlp
