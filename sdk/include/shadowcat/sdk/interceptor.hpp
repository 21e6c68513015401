// SPDX-License-Identifier: Apache-2.0
// Interceptor: the plugin kind that sees, and may change, messages in both directions.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace shadowcat::sdk::inline v1 {

enum class Direction : std::uint8_t { client_to_server, server_to_client };

/// What an interceptor knows about a message beside its bytes. Views are valid during the call.
class MessageContext {
public:
    MessageContext(Direction towards, std::string_view session_label,
                   std::string_view upstream_name)
        : direction(towards), session(session_label), upstream(upstream_name) {}

    Direction direction;
    std::string_view session;   ///< A label that is safe to log (not the session id).
    std::string_view upstream;  ///< The upstream's name; empty before one is chosen.
};

/// What becomes of a message after an interceptor saw it.
class SHADOWCAT_API Verdict {
public:
    enum class Kind : std::uint8_t { pass, drop, answer };

    /// Goes on to the next interceptor, as it now is.
    static Verdict pass() { return Verdict(Kind::pass, std::nullopt); }

    /// Vanishes. A dropped client request is answered with a JSON-RPC error ("blocked"), a dropped
    /// response likewise; nobody waits for ever.
    static Verdict drop() { return Verdict(Kind::drop, std::nullopt); }

    /// For client requests: `response` (with the request's id) answers, the server never sees it.
    /// For responses of the server: `response` takes its place. For anything else the same as
    /// `drop`.
    static Verdict answer(Message response) { return Verdict(Kind::answer, std::move(response)); }

    Kind kind() const noexcept { return kind_; }
    std::optional<Message>& response() noexcept { return response_; }

private:
    Verdict(Kind kind, std::optional<Message> response)
        : kind_(kind), response_(std::move(response)) {}

    Kind kind_;
    std::optional<Message> response_;
};

/// Sees every message of every session of one worker, in both directions, in the order in which the
/// configuration lists the interceptors. One instance per configured entry and worker.
class SHADOWCAT_API Interceptor {
public:
    static constexpr std::string_view kKind = "interceptor";
    using Factory = std::function<std::unique_ptr<Interceptor>(const Json&, Worker&)>;

    virtual ~Interceptor() = default;

    /// May change `message` (assign another of the same kind and id), wait (delay, pause), and
    /// decides. While it waits, its exchange waits; others go on, so calls may overlap.
    virtual awaitable<Verdict> on_message(Message& message, const MessageContext& context) = 0;
};

}  // namespace shadowcat::sdk::inline v1
