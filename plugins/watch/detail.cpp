// SPDX-License-Identifier: Apache-2.0
// One reader for each kind of content, chosen by method.
#include "detail.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace shadowcat::watch {

namespace {

namespace json = sdk::json;

constexpr std::size_t kLargest = std::size_t{1} << 20;
constexpr std::size_t kWord = 64;
constexpr std::size_t kSentence = 300;

/// A value in words: strings without quotes, everything else as it stands.
std::string words(std::string_view value, std::size_t max_bytes) {
    if (!json::is_string(value)) return excerpt(value, max_bytes);
    if (value.size() <= max_bytes) return json::unquote(value);
    return excerpt(json::unquote(value), max_bytes);
}

void append_word(std::string& text, std::string_view word) {
    if (word.empty()) return;
    if (!text.empty()) text += ' ';
    text += word;
}

void read_progress(std::string_view params, Entry& entry) {
    entry.detail = words(json::member(params, "progress"), kWord);
    const std::string_view total = json::member(params, "total");
    if (!total.empty()) entry.detail += "/" + words(total, kWord);
    append_word(entry.detail, words(json::member(params, "message"), kSentence));
}

void read_log(std::string_view params, Entry& entry) {
    entry.level = words(json::member(params, "level"), kWord);
    const std::string logger = words(json::member(params, "logger"), kWord);
    if (!logger.empty()) entry.detail = logger + ":";
    append_word(entry.detail, words(json::member(params, "data"), kSentence));
}

void read_cancelled(std::string_view params, Entry& entry) {
    entry.detail = "#" + excerpt(json::member(params, "requestId"), kWord);
    append_word(entry.detail, words(json::member(params, "reason"), kSentence));
}

/// Version, name and version again: of `initialize` and its answer.
void read_introduction(std::string_view object, std::string_view who, Entry& entry) {
    const std::string_view info = json::member(object, who);
    entry.detail = words(json::member(object, "protocolVersion"), kWord);
    append_word(entry.detail, words(json::member(info, "name"), kWord));
    append_word(entry.detail, words(json::member(info, "version"), kWord));
}

void read_initialize(std::string_view params, Entry& entry) {
    read_introduction(params, "clientInfo", entry);
}

void read_question(std::string_view params, Entry& entry) {
    entry.detail = words(json::member(params, "message"), kSentence);
}

class Reader {
public:
    std::string_view method;
    void (*read)(std::string_view params, Entry& entry);
};

constexpr std::array kReaders = {
    Reader{"notifications/progress", read_progress}, Reader{"notifications/message", read_log},
    Reader{"notifications/cancelled", read_cancelled}, Reader{"initialize", read_initialize},
    Reader{"elicitation/create", read_question}};

void read_params(std::string_view params, Entry& entry) {
    const auto* reader = std::ranges::find(kReaders, entry.method, &Reader::method);
    if (reader != kReaders.end()) reader->read(params, entry);
}

void read_detail_error(const sdk::Message& message, Entry& entry) {
    entry.error_code = sdk::error_code_of(message).value_or(0);
    entry.detail = words(json::at(message.bytes(), {"error", "message"}), kSentence);
}

/// The first text of a tool's result that is an error.
void read_tool_error(std::string_view result, Entry& entry) {
    entry.tool_error = json::member(result, "isError") == "true";
    if (!entry.tool_error) return;
    bool first = true;
    json::for_each_element(json::member(result, "content"), [&](std::string_view element) {
        if (first) entry.detail = words(json::member(element, "text"), kSentence);
        first = false;
    });
}

void read_result(const sdk::Message& message, Entry& entry) {
    const std::string_view bytes = message.bytes();
    if (entry.method == "initialize")
        return read_introduction(json::member(bytes, "result"), "serverInfo", entry);
    if (bytes.find("isError") == std::string_view::npos) return;
    read_tool_error(json::member(bytes, "result"), entry);
}

}  // namespace

void add_detail(const sdk::Message& message, Entry& entry) {
    if (message.bytes().size() > kLargest) return;
    switch (message.kind()) {
        case sdk::MessageKind::request:
        case sdk::MessageKind::notification:
            return read_params(message.params(), entry);
        case sdk::MessageKind::result:
            return read_result(message, entry);
        case sdk::MessageKind::error:
            return read_detail_error(message, entry);
    }
}

}  // namespace shadowcat::watch
