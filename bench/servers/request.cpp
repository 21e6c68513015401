// SPDX-License-Identifier: Apache-2.0
// Reads an MCP message in one pass; what no answer depends on is skipped.
#include "request.hpp"

#include "../wire/json_cursor.hpp"

#include <charconv>

namespace bench {
namespace {

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr std::uint64_t kMostSteps = 100'000;

/// A string where one is expected; anything else is passed over.
bool string_or_skip(JsonCursor& cursor, std::string_view& raw) {
    return cursor.peek() == '"' ? cursor.string(raw) : cursor.skip();
}

bool read_steps(JsonCursor& cursor, std::uint64_t& steps) {
    std::string_view raw;
    if (!cursor.value(raw)) return false;
    std::from_chars(raw.data(), raw.data() + raw.size(), steps);
    if (steps > kMostSteps) steps = kMostSteps;
    return true;
}

bool read_arguments(JsonCursor& cursor, Request& request) {
    if (cursor.peek() != '{') return cursor.skip();
    return cursor.object([&](std::string_view key) {
        if (key == "message") return string_or_skip(cursor, request.message);
        if (key == "steps") return read_steps(cursor, request.steps);
        return cursor.skip();
    });
}

bool read_meta(JsonCursor& cursor, Request& request) {
    if (cursor.peek() != '{') return cursor.skip();
    return cursor.object([&](std::string_view key) {
        if (key == kVersionKey) return string_or_skip(cursor, request.stateless_version);
        if (key == "progressToken") return cursor.value(request.progress_token);
        return cursor.skip();
    });
}

bool read_params(JsonCursor& cursor, Request& request) {
    if (cursor.peek() != '{') return cursor.skip();
    return cursor.object([&](std::string_view key) {
        if (key == "arguments") return read_arguments(cursor, request);
        if (key == "_meta") return read_meta(cursor, request);
        if (key == "name") return string_or_skip(cursor, request.tool);
        if (key == "protocolVersion") return string_or_skip(cursor, request.client_revision);
        return cursor.skip();
    });
}

MessageKind kind_of(const Request& request, bool is_answer) {
    if (request.method.empty()) {
        return is_answer && !request.id.empty() ? MessageKind::kResponse : MessageKind::kInvalid;
    }
    return request.id.empty() ? MessageKind::kNotification : MessageKind::kRequest;
}

}  // namespace

Request read_request(std::string_view text) {
    Request request;
    JsonCursor cursor(text);
    bool is_answer = false;
    if (cursor.peek() != '{') {
        const bool is_json = cursor.skip() && cursor.at_end();
        request.kind = is_json ? MessageKind::kInvalid : MessageKind::kBadJson;
        return request;
    }
    const bool read = cursor.object([&](std::string_view key) {
        if (key == "id") return cursor.value(request.id);
        if (key == "method") return string_or_skip(cursor, request.method);
        if (key == "params") return read_params(cursor, request);
        is_answer = is_answer || key == "result" || key == "error";
        return cursor.skip();
    });
    if (read && cursor.at_end()) request.kind = kind_of(request, is_answer);
    return request;
}

}  // namespace bench
