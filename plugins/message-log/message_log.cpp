// SPDX-License-Identifier: Apache-2.0
// Turns messages into log lines.
#include "message_log.hpp"

#include "excerpt.hpp"

namespace shadowcat::message_log {

namespace {

// Ids and names are the peer's to choose: a line stays a line.
constexpr std::size_t kMaxField = 256;

std::string_view name_of(sdk::Direction direction) {
    return direction == sdk::Direction::client_to_server ? "client_to_server" : "server_to_client";
}

std::string_view name_of(sdk::MessageKind kind) {
    switch (kind) {
        case sdk::MessageKind::request:
            return "request";
        case sdk::MessageKind::notification:
            return "notification";
        case sdk::MessageKind::result:
            return "result";
        case sdk::MessageKind::error:
            return "error";
    }
    return "unknown";
}

void write_line(const Options& options, const sdk::Message& message,
                const sdk::MessageContext& context) {
    using sdk::log::Field;
    const Field direction("direction", name_of(context.direction));
    const Field session("session", context.session);
    const Field upstream("upstream", context.upstream);
    const Field kind("kind", name_of(message.kind()));
    const Field method("method", excerpt(message.method(), kMaxField));
    const Field name("name", excerpt(message.name(), kMaxField));
    const Field id("id", excerpt(message.id(), kMaxField));
    const Field bytes("bytes", message.bytes().size());
    if (!options.payload) {
        sdk::log::write(options.level, "message",
                        {direction, session, upstream, kind, method, name, id, bytes});
        return;
    }
    const Field payload("payload", excerpt(message.bytes(), options.max_bytes));
    sdk::log::write(options.level, "message",
                    {direction, session, upstream, kind, method, name, id, bytes, payload});
}

}  // namespace

bool MessageLog::wanted(const sdk::Message& message) const {
    return options_.methods.empty() || options_.methods.contains(message.method());
}

sdk::awaitable<sdk::Verdict> MessageLog::on_message(sdk::Message& message,
                                                    const sdk::MessageContext& context) {
    if (sdk::log::enabled(options_.level) && wanted(message))
        write_line(options_, message, context);
    co_return sdk::Verdict::pass();
}

}  // namespace shadowcat::message_log
