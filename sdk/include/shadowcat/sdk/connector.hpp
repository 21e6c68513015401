// SPDX-License-Identifier: Apache-2.0
// Connector: the plugin kind that opens links to one upstream.
#pragma once

#include "shadowcat/sdk/config.hpp"
#include "shadowcat/sdk/link.hpp"
#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/result.hpp"
#include "shadowcat/sdk/worker.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace shadowcat::sdk::inline v1 {

class SHADOWCAT_API Connector;

/// What a connector is made with. The references outlive the connector.
class ConnectorContext {
public:
    ConnectorContext(Worker& on, std::string upstream_name, Metrics& to)
        : worker(on), upstream(std::move(upstream_name)), metrics(to) {}

    Worker& worker;        ///< The connector and its links live on this worker.
    std::string upstream;  ///< The upstream's configured name, for logs and metrics.
    Metrics& metrics;

    /// Makes a connector of any loaded plugin, for one that passes on what it can't answer itself.
    /// `upstream` holds `transport` and that connector's keys; what is wrong with it is an error
    /// of code `config`. Empty where there are no others (tests). Valid while the factory runs.
    std::function<Result<std::unique_ptr<Connector>>(const Json& upstream)> make;
};

/// Opens MCP connections to one upstream. One instance per upstream and worker; every member is
/// called on that worker. Registered under the name operators write as `transport:`.
class SHADOWCAT_API Connector {
public:
    static constexpr std::string_view kKind = "connector";

    /// Makes a connector from configuration that passed its schema. May throw `std::exception` with
    /// a message for the operator; has no side effects (opens nothing).
    using Factory = std::function<std::unique_ptr<Connector>(const Json&, const ConnectorContext&)>;

    virtual ~Connector() = default;

    /// Opens one link: starts the process, or prepares the HTTP session (which may connect only on
    /// the first call). Says nothing to the server yet; the MCP handshake is the caller's. `events`
    /// must outlive the link. Fails with `unreachable` (naming command or URL), `timed_out`,
    /// `unavailable`; a failed open leaves nothing behind.
    virtual awaitable<Result<std::unique_ptr<Link>>> open(LinkEvents& events,
                                                          const LinkOptions& options) = 0;

    /// Releases what is kept between links (idle connections). Called once, after the last link was
    /// closed; `open` is not called afterwards.
    virtual awaitable<> stop() = 0;

    /// True when what one link changes is seen through another: the server is elsewhere, and the
    /// same for all links. False when each link has a server of its own (a child process): clients
    /// of the stateless era must then share one link to meet each other.
    virtual bool links_share_state() const noexcept { return false; }

    /// The upstream as logs show it: the command line or the URL, without secrets.
    virtual std::string target() const = 0;
};

}  // namespace shadowcat::sdk::inline v1
