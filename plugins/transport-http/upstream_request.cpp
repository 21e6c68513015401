// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 request heads, as MCP 2025-03-26 to 2026-07-28 want them.
#include "upstream_request.hpp"

#include "shadowcat/sdk/version.hpp"

#include "text.hpp"

#include <algorithm>
#include <charconv>

namespace shadowcat::http {

namespace {

constexpr std::size_t kMaxToken = 1024;
constexpr std::string_view kOfPosts =
    "Content-Type: application/json\r\n"
    "Accept: application/json, text/event-stream\r\n"
    "Content-Length: ";

void append_field(std::string& out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out.append(name).append(": ").append(value).append("\r\n");
}

/// Ends a head whose last line lacks the value of Content-Length.
void finish_post(std::string& out, std::size_t body_bytes, std::string_view traceparent) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, body_bytes).ptr;
    out.append(digits, end).append("\r\n");
    append_field(out, "traceparent", traceparent);
    out.append("\r\n");
}

}  // namespace

bool is_header_token(std::string_view text) {
    return !text.empty() && text.size() <= kMaxToken && is_visible(text);
}

bool is_header_value(std::string_view text) {
    const auto allowed = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7F; };
    return text.size() <= kMaxToken && std::ranges::all_of(text, allowed);
}

void RequestHeads::set_session_id(std::string id) {
    session_id_ = std::move(id);
    build();
}

void RequestHeads::set_revision(std::string revision) {
    revision_ = std::move(revision);
    build();
}

void RequestHeads::set_path(std::string path) {
    path_ = std::move(path);
    build();
}

void RequestHeads::build() {
    common_ = " " + (path_.empty() ? target_.url.target : path_) + " HTTP/1.1\r\n";
    append_field(common_, "Host", target_.url.authority);
    append_field(common_, "User-Agent", "shadowcat/" SHADOWCAT_SDK_VERSION);
    for (const auto& [name, value] : target_.headers)
        append_field(common_, name, value);
    session_at_ = common_.size();
    append_field(common_, "Mcp-Session-Id", session_id_);
    append_field(common_, "MCP-Protocol-Version", revision_);
    post_ = "POST" + common_;
    post_.append(kOfPosts);
}

void RequestHeads::post(std::string& out, std::size_t body_bytes,
                        std::string_view traceparent) const {
    out.assign(post_);
    finish_post(out, body_bytes, traceparent);
}

void RequestHeads::post_stateless(std::string& out, std::size_t body_bytes,
                                  std::string_view traceparent, std::string_view mirror) const {
    out.assign("POST").append(without_session()).append(mirror).append(kOfPosts);
    finish_post(out, body_bytes, traceparent);
}

void RequestHeads::get(std::string& out, std::string_view last_event_id) const {
    out.assign("GET").append(common_).append("Accept: text/event-stream\r\n");
    append_field(out, "Last-Event-ID", last_event_id);
    out.append("\r\n");
}

void RequestHeads::remove(std::string& out) const {
    out.assign("DELETE").append(common_).append("\r\n");
}

}  // namespace shadowcat::http
