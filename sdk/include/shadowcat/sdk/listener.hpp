// SPDX-License-Identifier: Apache-2.0
// Listener: the plugin kind that accepts clients in one transport.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/metrics.hpp"
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

    /// The page served at `path`, or nothing.
    virtual std::optional<Page> page(std::string_view path) = 0;

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

    /// Where clients reach it, for the log and for tests: `http://127.0.0.1:8080/mcp`, `stdio`.
    virtual std::string address() const = 0;

    /// Refuses new clients from now on; those that are connected go on. Idempotent, doesn't wait.
    virtual void stop_accepting() noexcept = 0;

    /// Closes every connection; completes when no coroutine of the listener is left. Sessions have
    /// ended before.
    virtual awaitable<> stop() = 0;
};

}  // namespace shadowcat::sdk::inline v1
