// SPDX-License-Identifier: Apache-2.0
// The answers of both eras: sessions (2024-11-05 to 2025-11-25) and stateless (2026-07-28).
#include "answers.hpp"

#include <algorithm>
#include <charconv>

namespace bench {
namespace {

#define BENCH_SERVER_INFO R"({"name":"bench-server","version":"1"})"
#define BENCH_META R"("_meta":{"io.modelcontextprotocol/serverInfo":)" BENCH_SERVER_INFO "}"
#define BENCH_TOOLS                                                                              \
    R"("tools":[{"name":"echo","description":"Answers with the message.","inputSchema":)"        \
    R"({"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}},)"   \
    R"({"name":"count","description":"Reports progress, then answers.","inputSchema":)"          \
    R"({"type":"object","properties":{"steps":{"type":"integer"},"message":{"type":"string"}},)" \
    R"("required":["steps"]}}])"
#define BENCH_VERSIONS R"(["2026-07-28","2025-11-25","2025-06-18","2025-03-26","2024-11-05"])"

constexpr std::string_view kHead = R"({"jsonrpc":"2.0","id":)";
constexpr std::string_view kStateless = "2026-07-28";
constexpr std::string_view kNewest = "2025-11-25";
constexpr std::array<std::string_view, 4> kRevisions = {kNewest, "2025-06-18", "2025-03-26",
                                                        "2024-11-05"};

/// `{"jsonrpc":"2.0","id":ID` + the rest.
Answer worded(const Request& request, int status, std::string_view rest) {
    Answer answer;
    answer.request = request;
    answer.status = status;
    answer.message.add(kHead);
    answer.message.add(request.id.empty() ? std::string_view("null") : request.id);
    answer.message.add(rest);
    return answer;
}

Answer initialized(const Request& request) {
    const bool known = std::ranges::find(kRevisions, request.client_revision) != kRevisions.end();
    Answer answer = worded(request, 200, R"(,"result":{"protocolVersion":")");
    answer.message.add(known ? request.client_revision : kNewest);
    answer.message.add(R"(","capabilities":{"tools":{}},"serverInfo":)" BENCH_SERVER_INFO "}}");
    answer.opens_session = true;
    return answer;
}

Answer discovered(const Request& request) {
    return worded(request, 200,
                  R"(,"result":{"resultType":"complete","supportedVersions":)" BENCH_VERSIONS
                  R"(,"capabilities":{"tools":{}},"ttlMs":60000,"cacheScope":"public",)" BENCH_META
                  "}}");
}

Answer listed(const Request& request) {
    if (!request.is_stateless()) return worded(request, 200, R"(,"result":{)" BENCH_TOOLS "}}");
    return worded(request, 200,
                  R"(,"result":{"resultType":"complete",)" BENCH_TOOLS
                  R"(,"ttlMs":60000,"cacheScope":"public",)" BENCH_META "}}");
}

Answer called(const Request& request) {
    if (request.tool != "echo" && request.tool != "count") {
        return worded(request, 200, R"(,"error":{"code":-32602,"message":"Unknown tool"}})");
    }
    const bool stateless = request.is_stateless();
    Answer answer = worded(
        request, 200,
        stateless ? R"(,"result":{"resultType":"complete","content":[{"type":"text","text":")"
                  : R"(,"result":{"content":[{"type":"text","text":")");
    answer.message.add(request.message);
    answer.message.add(stateless ? std::string_view(R"("}],)" BENCH_META "}}") : R"("}]}})");
    if (request.tool == "count" && !request.progress_token.empty()) answer.steps = request.steps;
    return answer;
}

Answer unknown_method(const Request& request) {
    return worded(request, request.is_stateless() ? 404 : 200,
                  R"(,"error":{"code":-32601,"message":"Method not found"}})");
}

Answer unknown_version(const Request& request) {
    Answer answer = worded(
        request, 400,
        R"(,"error":{"code":-32022,"message":"Unsupported protocol version","data":{"supported":)" BENCH_VERSIONS
        R"(,"requested":")");
    answer.message.add(request.stateless_version);
    answer.message.add(R"("}}})");
    return answer;
}

Answer answer_request(const Request& request) {
    if (request.method == "tools/call") return called(request);
    if (request.method == "tools/list") return listed(request);
    if (request.method == "server/discover") return discovered(request);
    if (request.is_stateless()) return unknown_method(request);
    if (request.method == "initialize") return initialized(request);
    if (request.method == "ping") return worded(request, 200, R"(,"result":{}})");
    return unknown_method(request);
}

}  // namespace

std::size_t Pieces::size() const {
    std::size_t total = 0;
    for (std::size_t i = 0; i < count_; ++i)
        total += pieces_[i].size();
    return total;
}

void Pieces::append_to(Buffer& out) const {
    out.prepare(size());
    for (std::size_t i = 0; i < count_; ++i)
        out.append(pieces_[i]);
}

Answer answer_to(std::string_view text) {
    const Request request = read_request(text);
    switch (request.kind) {
        case MessageKind::kBadJson:
            return worded(Request(), 400, R"(,"error":{"code":-32700,"message":"Parse error"}})");
        case MessageKind::kInvalid:
            return worded(request, 400, R"(,"error":{"code":-32600,"message":"Invalid Request"}})");
        case MessageKind::kRequest:
            break;
        default:
            return {request, 202, 0, false, {}};
    }
    if (!request.stateless_version.empty() && request.stateless_version != kStateless) {
        return unknown_version(request);
    }
    return answer_request(request);
}

Pieces progress_message(const Answer& answer, std::uint64_t step, std::array<char, 48>& digits) {
    char* const middle = std::to_chars(digits.data(), digits.data() + 24, step).ptr;
    char* const end = std::to_chars(digits.data() + 24, digits.data() + 48, answer.steps).ptr;
    Pieces message;
    message.add(R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":)");
    message.add(answer.request.progress_token);
    message.add(R"(,"progress":)");
    message.add({digits.data(), static_cast<std::size_t>(middle - digits.data())});
    message.add(R"(,"total":)");
    message.add({digits.data() + 24, static_cast<std::size_t>(end - digits.data() - 24)});
    message.add("}}");
    return message;
}

}  // namespace bench
