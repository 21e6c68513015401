// SPDX-License-Identifier: Apache-2.0
// Entries as lines of JSON.
#include "entry.hpp"

#include "timestamp.hpp"
#include "utf8.hpp"

#include <array>
#include <cmath>

namespace shadowcat::watch {

namespace {

constexpr std::array<const char*, 5> kKinds = {"request", "notification", "result", "error",
                                               "event"};
constexpr double kLongestMs = 1e12;

void put_text(sdk::Json& line, const char* key, const std::string& text) {
    if (!text.empty()) line[key] = valid_utf8(text);
}

template <class Number>
void put_number(sdk::Json& line, const char* key, Number number) {
    if (number != Number{}) line[key] = number;
}

/// With its JSON type; what a JSON library would change stays text.
sdk::Json id_value(const std::string& token) {
    sdk::Json value = sdk::Json::parse(token, nullptr, false);
    const bool exact = value.is_string() || value.is_number_integer() || value.is_null();
    return exact ? value : sdk::Json(valid_utf8(token));
}

std::string text_at(const sdk::Json& line, const char* key) {
    const auto found = line.find(key);
    if (found == line.end() || !found->is_string()) return {};
    return found->get<std::string>();
}

template <class Number>
Number number_at(const sdk::Json& line, const char* key) {
    const auto found = line.find(key);
    if (found == line.end() || !found->is_number_integer()) return Number{};
    return found->get<Number>();
}

bool is_true(const sdk::Json& line, const char* key) {
    const auto found = line.find(key);
    return found != line.end() && *found == true;
}

std::optional<sdk::Direction> direction_at(const sdk::Json& line) {
    const std::string text = text_at(line, "direction");
    if (text == kClientToServer) return sdk::Direction::client_to_server;
    if (text == kServerToClient) return sdk::Direction::server_to_client;
    return std::nullopt;
}

Entry::Kind kind_at(const sdk::Json& line) {
    const std::string text = text_at(line, "kind");
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (text == kKinds[i]) return static_cast<Entry::Kind>(i);
    return Entry::Kind::event;
}

std::optional<sdk::Duration> elapsed_at(const sdk::Json& line) {
    const auto found = line.find("ms");
    if (found == line.end() || !found->is_number()) return std::nullopt;
    const double ms = found->get<double>();
    if (!(ms >= 0 && ms < kLongestMs)) return std::nullopt;
    return std::chrono::duration_cast<sdk::Duration>(std::chrono::duration<double, std::milli>(ms));
}

std::string id_at(const sdk::Json& line) {
    const auto found = line.find("id");
    return found == line.end() ? std::string() : found->dump();
}

void read_error(const sdk::Json& line, Entry& entry) {
    const auto error = line.find("error");
    if (error == line.end() || !error->is_object()) return;
    entry.error_code = number_at<std::int64_t>(*error, "code");
    entry.detail = text_at(*error, "message");
}

void put_message(sdk::Json& line, const Entry& entry) {
    line["direction"] =
        entry.direction == sdk::Direction::client_to_server ? kClientToServer : kServerToClient;
    put_text(line, "method", entry.method);
    put_text(line, "name", entry.name);
    if (!entry.id.empty()) line["id"] = id_value(entry.id);
    if (entry.elapsed)
        line["ms"] = std::round(static_cast<double>(entry.elapsed->count()) / 1000) / 1000;
    if (entry.kind != Entry::Kind::event) line["bytes"] = entry.bytes;
    if (entry.kind == Entry::Kind::error)
        line["error"] = {{"code", entry.error_code}, {"message", valid_utf8(entry.detail)}};
    if (entry.tool_error) line["tool_error"] = true;
    if (entry.by_proxy) line["by_proxy"] = true;
    put_text(line, "level", entry.level);
    put_text(line, "payload", entry.payload);
}

}  // namespace

Entry dropped_entry(std::uint64_t entries) {
    Entry entry;
    entry.time = std::chrono::system_clock::now();
    entry.event = events::kDropped;
    entry.count = entries;
    return entry;
}

sdk::Json to_json(const Entry& entry) {
    sdk::Json line = {{"ts", utc_text(entry.time)},
                      {"kind", kKinds[static_cast<std::size_t>(entry.kind)]}};
    put_text(line, "session", entry.session);
    put_text(line, "upstream", entry.upstream);
    if (entry.direction) put_message(line, entry);
    if (entry.kind != Entry::Kind::error) put_text(line, "detail", entry.detail);
    put_text(line, "event", entry.event);
    put_number(line, "status", entry.status);
    put_number(line, "count", entry.count);
    return line;
}

Entry entry_from(const sdk::Json& line) {
    Entry entry;
    entry.kind = kind_at(line);
    entry.time = time_from(text_at(line, "ts"));
    entry.session = text_at(line, "session");
    entry.upstream = text_at(line, "upstream");
    entry.direction = direction_at(line);
    entry.method = text_at(line, "method");
    entry.name = text_at(line, "name");
    entry.id = id_at(line);
    entry.elapsed = elapsed_at(line);
    entry.bytes = number_at<std::uint64_t>(line, "bytes");
    entry.tool_error = is_true(line, "tool_error");
    entry.by_proxy = is_true(line, "by_proxy");
    entry.level = text_at(line, "level");
    entry.detail = text_at(line, "detail");
    read_error(line, entry);
    entry.payload = text_at(line, "payload");
    entry.event = text_at(line, "event");
    entry.status = number_at<int>(line, "status");
    entry.count = number_at<std::uint64_t>(line, "count");
    return entry;
}

}  // namespace shadowcat::watch
