// SPDX-License-Identifier: Apache-2.0
// Reads what the proxy says; members that are missing are shown as nothing.
#include "cli/paused_view.hpp"

#include "cli/terminal_text.hpp"
#include "cli/text_columns.hpp"

namespace shadowcat::intercept {

namespace {

constexpr std::size_t kMostOfName = 40;

std::string text_in(const Json& line, const char* key) {
    const auto found = line.is_object() ? line.find(key) : line.end();
    return line.is_object() && found != line.end() && found->is_string()
               ? terminal_excerpt(found->get_ref<const std::string&>(), kMostOfName)
               : std::string();
}

std::uint64_t paused_number(const Json& line, const char* key) {
    const auto found = line.is_object() ? line.find(key) : line.end();
    const bool there = line.is_object() && found != line.end() && found->is_number_integer();
    return there && *found >= 0 ? found->get<std::uint64_t>() : 0;
}

bool flag_in(const Json& line, const char* key) {
    return line.is_object() && line.contains(key) && line.at(key) == true;
}

std::string in_bytes(std::uint64_t count) {
    if (count < 10'000) return std::to_string(count) + " B";
    if (count < 10'000'000) return std::to_string(count / 1000) + " kB";
    return std::to_string(count / 1'000'000) + " MB";
}

std::string in_seconds(std::uint64_t milliseconds) {
    return std::to_string((milliseconds + 500) / 1000) + " s";
}

std::string direction_of(const Json& line) {
    const std::string direction = text_in(line, "direction");
    if (direction == "client_to_server") return "client → server";
    return direction == "server_to_client" ? "server → client" : direction;
}

std::string message_of(const Json& line) {
    const std::string method = text_in(line, "method"), name = text_in(line, "name");
    const std::string kind = text_in(line, "kind");
    const bool answers = kind == "result" || kind == "error";
    return method + (name.empty() ? "" : " " + name) + (answers ? " (" + kind + ")" : "");
}

std::string fate_of(const Json& line) {
    return "then " + std::string(text_in(line, "at_deadline") == "drop" ? "dropped" : "resumed");
}

std::string paused_news(const Json& line) {
    return "paused    " + std::to_string(paused_number(line, "id")) + "  " + message_of(line) +
           "  " + direction_of(line) + ", " + in_bytes(paused_number(line, "size")) + ", rule " +
           text_in(line, "rule") + ", session " + text_in(line, "session") + ", " +
           in_seconds(paused_number(line, "deadline_ms")) + " left, " + fate_of(line);
}

std::string released_news(const Json& line) {
    return "released  " + std::to_string(paused_number(line, "id")) + "  " + text_in(line, "how") +
           (flag_in(line, "edited") ? ", edited" : "") +
           (flag_in(line, "passes") ? "" : ", it went no further");
}

std::string decimal(const Json& line, const char* key) {
    return std::to_string(paused_number(line, key));
}

}  // namespace

void print_paused(const std::vector<Json>& lines, std::ostream& out) {
    TextColumns table({"ID", "MESSAGE", "DIRECTION", "SIZE", "RULE", "SESSION", "UPSTREAM",
                       "WAITING", "LEFT", ""});
    for (const Json& line : lines) {
        table.add({decimal(line, "id"), message_of(line), direction_of(line),
                   in_bytes(paused_number(line, "size")), text_in(line, "rule"),
                   text_in(line, "session"), text_in(line, "upstream"),
                   in_seconds(paused_number(line, "waited_ms")),
                   in_seconds(paused_number(line, "deadline_ms")),
                   flag_in(line, "edited") ? "edited" : ""});
    }
    table.print(out);
}

std::string news_line(const Json& news) {
    const std::string event = text_in(news, "event");
    if (event == "paused") return paused_news(news);
    if (event == "released") return released_news(news);
    return event + "  " + decimal(news, "count");
}

void print_rules(const std::vector<Json>& lines, std::ostream& out) {
    TextColumns table({"RULE", "ENABLED", "MATCHES", "APPLIED", "FAILED"});
    for (const Json& line : lines) {
        table.add({text_in(line, "rule"), flag_in(line, "enabled") ? "yes" : "no",
                   decimal(line, "matches"), decimal(line, "applied"), decimal(line, "failed")});
    }
    table.print(out);
}

}  // namespace shadowcat::intercept
