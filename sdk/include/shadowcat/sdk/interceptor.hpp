// SPDX-License-Identifier: Apache-2.0
// Interceptor: the plugin kind that sees, and may change, messages in both directions.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/cancellation.hpp"
#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/control.hpp"
#include "shadowcat/sdk/message.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/shared_slot.hpp"
#include "shadowcat/sdk/stateless.hpp"
#include "shadowcat/sdk/transport_event.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace shadowcat::sdk::inline v1 {

enum class Direction : std::uint8_t { client_to_server, server_to_client };

/// What an interceptor knows about a message beside its bytes. Views are valid until the call that
/// passes it has completed, also while that waits.
class MessageContext {
public:
    MessageContext(Direction towards, std::string_view session_label,
                   std::string_view upstream_name)
        : direction(towards), session(session_label), upstream(upstream_name) {}

    Direction direction;
    std::string_view session;   ///< A label that is safe to log (not the session id).
    std::string_view upstream;  ///< The upstream's name; empty before one is chosen.

    std::string_view revision;  ///< Negotiated, or carried by the request; empty before.
    Era era = Era::session;

    /// The client request that the message is, or answers, or came along with: a number that is
    /// unique on this worker, and what that request asked for. 0 and empty for what belongs to no
    /// request.
    std::uint64_t exchange = 0;
    std::string_view method;
    std::string_view name;        ///< As `Message::name`.
    std::string_view request_id;  ///< The client's, as `Message::id`.

    /// The proxy itself (or an interceptor behind this one) made the message: an error, an answer
    /// in the server's place.
    bool made_by_proxy = false;

    /// The HTTP exchange with the client that carries the message, as `TransportEvent::stream`; 0
    /// where the transport has none.
    std::uint64_t stream = 0;

    /// Where it is not null, an interceptor that waits looks at it: once requested, nobody needs
    /// the message any more.
    Cancellation* cancellation = nullptr;
};

/// What becomes of a message after an interceptor saw it.
class SHADOWCAT_API Verdict {
public:
    enum class Kind : std::uint8_t { pass, drop, answer, sever, kill_server };

    /// Goes on to the next interceptor, as it now is.
    static Verdict pass() { return Verdict(Kind::pass, std::nullopt); }

    /// Vanishes. A dropped client request is answered with a JSON-RPC error ("blocked"), a dropped
    /// response likewise; nobody waits for ever.
    static Verdict drop() { return Verdict(Kind::drop, std::nullopt); }

    /// For client requests: `response` (with the request's id) answers, the server never sees it.
    /// For responses of the server: `response` takes its place. For anything else the same as
    /// `drop`.
    static Verdict answer(Message response) { return Verdict(Kind::answer, std::move(response)); }

    /// Fault injection: the message vanishes and the client's connection breaks off without an
    /// answer (`ReplyStream::sever`). For messages that belong to no request the same as `drop`.
    static Verdict sever() { return Verdict(Kind::sever, std::nullopt); }

    /// Fault injection: the session's server is killed as if it had crashed (`Link::kill`), and the
    /// message goes on to meet its fate.
    static Verdict kill_server() { return Verdict(Kind::kill_server, std::nullopt); }

    Kind kind() const noexcept { return kind_; }
    std::optional<Message>& response() noexcept { return response_; }

private:
    Verdict(Kind kind, std::optional<Message> response)
        : kind_(kind), response_(std::move(response)) {}

    Kind kind_;
    std::optional<Message> response_;
};

/// What an interceptor is made with. References outlive the interceptor unless they say otherwise.
class InterceptorContext {
public:
    InterceptorContext(Worker& on, Metrics& to, ControlHost& host, SharedSlot& slot)
        : worker(on), metrics(to), control(host), shared(slot) {}

    Worker& worker;  ///< Where this instance lives.
    Metrics& metrics;
    ControlHost& control;  ///< For commands from other terminals.

    /// What the instances of one configured entry on all workers have in common. Valid while the
    /// factory runs.
    SharedSlot& shared;
};

/// Sees every message of every session of one worker, in both directions. The first interceptor of
/// the configuration is nearest to the client: it sees the client's messages first and the server's
/// last. One instance per configured entry and worker.
class SHADOWCAT_API Interceptor {
public:
    static constexpr std::string_view kKind = "interceptor";

    /// May throw `std::exception` with a message for the operator. Opens nothing that `check`
    /// should not open: files and threads wait for the first message.
    using Factory =
        std::function<std::unique_ptr<Interceptor>(const Json&, const InterceptorContext&)>;

    virtual ~Interceptor() = default;

    /// May change `message` (assign another of the same kind and id), wait (delay, pause), and
    /// decides. While it waits, its exchange waits; others go on, so calls may overlap.
    virtual awaitable<Verdict> on_message(Message& message, const MessageContext& context) = 0;

    /// The verdict, where it needs no waiting: asked first, and `on_message` only when this gives
    /// nothing (the default). Saves a coroutine for each message; having given nothing it must not
    /// have changed anything.
    virtual std::optional<Verdict> at_once(Message&, const MessageContext&) { return std::nullopt; }

    /// Whether `on_transport_event` wants to be called now; asked after creation and then a few
    /// times a second (`Worker::kTickInterval`). Say no while nobody looks: transports put events
    /// together only if somebody wants them.
    virtual bool wants_transport_events() const noexcept { return false; }

    /// Something happened on the wire of this worker. Must not wait or throw.
    virtual void on_transport_event(const TransportEvent&) noexcept {}

    /// The proxy ends, or a reload has replaced this interceptor: whatever waits in `on_message`
    /// completes soon (what is paused passes). Messages may still come and then pass at once.
    virtual void stop() noexcept {}
};

}  // namespace shadowcat::sdk::inline v1
