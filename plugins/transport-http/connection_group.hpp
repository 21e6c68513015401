// SPDX-License-Identifier: Apache-2.0
// ConnectionGroup: the listener's connections on one worker, and the sweep over their deadlines.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "refusal.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::http {

class HttpConnection;
class HttpListenerOptions;

/// Used on its worker only, except for `worker`.
class ConnectionGroup {
public:
    using Options = std::shared_ptr<const HttpListenerOptions>;  // shared: a reload replaces them
                                                                 // while connections use them

    ConnectionGroup(Worker& worker, Service& service, Options options);

    Worker& worker() noexcept { return worker_; }
    Service& service() noexcept { return service_; }

    /// What connections that begin now, and requests that arrive now, are treated by.
    const Options& options() const noexcept { return options_; }
    void use(Options options) noexcept { options_ = std::move(options); }

    /// Counts the coroutines of the group; whoever enters looks at `stopping` first.
    Gate& gate() noexcept { return gate_; }
    bool stopping() const noexcept { return gate_.closed(); }

    /// Begins the sweep.
    awaitable<> open();

    /// Ends idle connections at once, busy ones after their answer or a grace period; no connection
    /// may begin here from now on. May be repeated.
    void begin_stop();

    /// Completes when none is left.
    awaitable<> stopped();

    void add(HttpConnection& connection);
    void remove(HttpConnection& connection) noexcept;

    /// The `Date` line of answers that are sent now.
    const std::string& date_field() const noexcept { return date_field_; }

    /// Logs what was wrong with a client (a Host or Origin, a handshake): for each reason at most
    /// one line a second.
    void warn_refused(Reason reason, std::string_view value, const std::string& peer);

private:
    /// Of one reason.
    class Warning {
    public:
        TimePoint next = TimePoint::min();
        std::size_t unlogged = 0;
    };

    void sweep(TimePoint now);
    void refresh_date();

    Worker& worker_;
    Service& service_;
    Options options_;
    Gate gate_;
    Worker::Tick tick_;
    std::vector<HttpConnection*> connections_;
    std::string date_field_;
    std::int64_t date_ = 0;
    std::array<Warning, static_cast<std::size_t>(Reason::count)> warnings_;
};

}  // namespace shadowcat::http
