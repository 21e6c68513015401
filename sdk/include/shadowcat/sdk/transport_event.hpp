// SPDX-License-Identifier: Apache-2.0
// TransportEvent: what happens on the wire beside messages, for interceptors that record it.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/export.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// Which side of the proxy an event belongs to.
enum class Hop : std::uint8_t { downstream /** clients */, upstream /** servers */ };

/// One HTTP header field. Views are valid during the call that passes it.
class HeaderField {
public:
    HeaderField(std::string_view field, std::string_view text) : name(field), value(text) {}

    std::string_view name;
    std::string_view value;  ///< Nothing is redacted here: whoever stores it must.
};

/// Something that happened on the wire. Which members are set depends on `kind`; views are valid
/// during the call.
class TransportEvent {
public:
    enum class Kind : std::uint8_t {
        session_opened,  ///< `text`: the client's address, if known.
        session_closed,  ///< `text`: why.
        link_opened,   ///< A session got a server: `text` as `Link::peer`, `target` the upstream's.
        link_closed,   ///< `text`: why, with a process its exit status.
        http_request,  ///< `method`, `target` (path and query), `headers`.
        http_response,  ///< `status`, `headers`.
        sse_event,  ///< The framing of one event: `event_id`, `event_name`, `retry`; `data_bytes`.
        stream_closed,  ///< The HTTP exchange `stream` is over: `text` says how.
        stderr_line     ///< `text`: a line that the server wrote to stderr, without its end.
    };

    TransportEvent(Kind what, Hop where, std::string_view session_label)
        : kind(what), hop(where), session(session_label) {}

    Kind kind;
    Hop hop;

    /// The session's label, as `MessageContext::session`. Empty where several share the connection.
    std::string_view session;
    std::string_view upstream;  ///< The upstream's name on `Hop::upstream`; else empty.

    /// The HTTP exchange (one POST, one GET) that it belongs to; on `Hop::upstream` the client's
    /// one that caused it. As `MessageContext::stream`. 0: none.
    std::uint64_t stream = 0;

    std::string_view method;
    std::string_view target;
    std::string_view text;
    int status = 0;
    std::span<const HeaderField> headers;
    std::string_view event_id;
    std::string_view event_name;
    std::optional<std::uint64_t> retry_ms;
    std::size_t data_bytes = 0;
};

/// Is told of transport events on one worker. Must not wait or throw.
class SHADOWCAT_API TransportObserver {
public:
    virtual ~TransportObserver() = default;
    virtual void on_transport_event(const TransportEvent& event) noexcept = 0;
};

}  // namespace shadowcat::sdk::inline v1
