// SPDX-License-Identifier: Apache-2.0
// Finds the headers of a POST.
#include "cli/outgoing.hpp"

#include "shadowcat/sdk/mirrored_headers.hpp"

#include "cli/frame_text.hpp"

namespace shadowcat::tape {

namespace {

void add_stateless_headers(HeaderList& headers, const sdk::Message& message) {
    headers.emplace_back("MCP-Protocol-Version", std::string(message.meta_version()));
    headers.emplace_back("Mcp-Method", std::string(message.method()));
    if (const auto name = sdk::mirrored_name(message))
        headers.emplace_back("Mcp-Name", sdk::encode_mirrored(*name));
}

/// Header fields hold no line breaks and no control characters.
bool may_be_header(const std::string& value) {
    return value.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
               " !#$%&'*+-.^_`|~/:=?(),;<>@[]\\{}\"") == std::string::npos;
}

}  // namespace

OutgoingPost::OutgoingPost(const TapeLine& frame)
    : label(label_of(frame.method, frame.name)), body(frame.message) {
    headers.emplace_back("Content-Type", "application/json");
    headers.emplace_back("Accept", "application/json, text/event-stream");
    const auto message = sdk::Message::parse(frame.message);
    if (message && message->is_stateless()) {
        add_stateless_headers(headers, *message);
    } else {
        initialises = frame.method == "initialize";
        in_session = !initialises;
        if (in_session && !frame.revision.empty())
            headers.emplace_back("MCP-Protocol-Version", frame.revision);
    }
    std::erase_if(headers, [](const auto& header) { return !may_be_header(header.second); });
}

bool is_sent_again(const TapeLine& frame) {
    const bool asks = frame.message_kind == sdk::MessageKind::request ||
                      frame.message_kind == sdk::MessageKind::notification;
    return frame.kind == TapeLine::Kind::frame && asks &&
           frame.direction == sdk::Direction::client_to_server &&
           sdk::Message::parse(frame.message).has_value();
}

}  // namespace shadowcat::tape
