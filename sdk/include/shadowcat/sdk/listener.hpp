// SPDX-License-Identifier: Apache-2.0
// Listener: the plugin kind that accepts clients in one transport.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/exchange_sink.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/quota.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

/// A text that the proxy serves beside MCP, such as `/health` and `/metrics`.
class Page {
public:
    Page(int with_status, std::string type, std::string text)
        : status(with_status), content_type(std::move(type)), body(std::move(text)) {}

    int status;  ///< HTTP status
    std::string content_type;
    std::string body;
    std::string allow;  ///< The `Allow` header of a 405: `GET, HEAD`; else empty.
};

/// A request for a page. Listeners of other transports than HTTP have none.
class PageRequest {
public:
    PageRequest(std::string with_method, std::string at_path, std::string with_query)
        : method(std::move(with_method)), path(std::move(at_path)), query(std::move(with_query)) {}

    std::string method;  ///< `GET` (also for HEAD, whose body the listener leaves out) or `POST`.
    std::string path;    ///< Without query.
    std::string query;   ///< Behind the `?`; may be empty.
};

/// What the core offers a listener. Thread-safe; outlives the listener.
class SHADOWCAT_API ListenerHost {
public:
    virtual ~ListenerHost() = default;

    /// The workers that carry sessions. A listener may spread its connections over them.
    virtual std::span<Worker* const> workers() noexcept = 0;

    /// The service of worker `index`; its members are called on that worker.
    virtual Service& service(std::size_t index) noexcept = 0;

    /// The worker that owns (or would own) the session `id`: a pure function of the id. A
    /// connection that names a session of another worker must move there, or post.
    virtual std::size_t worker_of(std::string_view id) const noexcept = 0;

    /// Whether a page is served at `path`, by any method.
    virtual bool has_page(std::string_view path) const = 0;

    /// Makes the page for `request`; call on `here`, where it completes. A method that the path
    /// does not have gives a 405, an unknown path a 404.
    virtual awaitable<Page> page(PageRequest request, Worker& here) = 0;

    /// Bytes of messages that the whole process holds. A listener takes what it is about to read
    /// from it, waits (reading nothing) while there is none, sheds when that takes too long, and
    /// gives it back when the answer has been written.
    virtual Quota& bytes_in_flight() noexcept = 0;

    /// True while requests are traced: a listener then puts a `traceparent` header of a request
    /// into its message, unless that has one already (`Message::set_traceparent`).
    virtual bool traces() const noexcept = 0;

    /// Reports a request that was refused before a session could take it, for the access log. From
    /// any worker.
    virtual void refused(const ExchangeRecord& record) noexcept = 0;

    /// The listener has nothing more to serve (end of stdin): the proxy drains and exits.
    virtual void finished() = 0;

    virtual Metrics& metrics() noexcept = 0;
};

/// Accepts clients. One instance per configured listener. Created and started on worker 0; knows
/// framing, headers and status codes, knows nothing of routing or policy.
///
/// Order: create, `start`, then any time `stop_accepting`, `stop`, destroy; all on worker 0. After
/// a failed `start` only the destructor runs.
class SHADOWCAT_API Listener {
public:
    static constexpr std::string_view kKind = "listener";

    /// As `Connector::Factory`.
    using Factory = std::function<std::unique_ptr<Listener>(const Json&, ListenerHost&)>;

    virtual ~Listener() = default;

    /// Binds and begins to accept; completes once clients can connect. Fails with `unreachable`
    /// when the address is in use or not ours, naming it.
    virtual awaitable<Result<void>> start() = 0;

    /// Takes over a changed configuration (which passed the schema) without closing a connection,
    /// and reads files it names (certificates) anew even if no key changed. Fails with everything
    /// as before: `unsupported` for keys that can't change while it runs, `config` for values that
    /// are no good; the message names the key. Called on worker 0.
    virtual Result<void> reload(const Json&) {
        return Error(ErrorCode::unsupported, "this listener can't change while it runs");
    }

    /// Where clients reach it, for the log and for tests: `http://127.0.0.1:8080/mcp`, `stdio`.
    virtual std::string address() const = 0;

    /// Refuses new clients from now on; those that are connected go on. Idempotent, doesn't wait.
    virtual void stop_accepting() noexcept = 0;

    /// Closes every connection; completes when no coroutine of the listener is left. Sessions have
    /// ended before.
    virtual awaitable<> stop() = 0;
};

}  // namespace shadowcat::sdk::inline v1
