// SPDX-License-Identifier: Apache-2.0
// ConnectionGroup: the listener's connections on one worker, and the sweep over their deadlines.
#pragma once

#include "shadowcat/sdk/gate.hpp"
#include "shadowcat/sdk/service.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "refusal.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace shadowcat::http {

class HttpConnection;

/// Used on its worker only, except for `worker`.
class ConnectionGroup {
public:
    ConnectionGroup(Worker& worker, Service& service);

    Worker& worker() noexcept { return worker_; }
    Service& service() noexcept { return service_; }

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

    /// Logs a refused Host or Origin, at most one line a second.
    void warn_refused(Reason reason, std::string_view value, const std::string& peer);

private:
    void sweep(TimePoint now);
    void refresh_date();

    Worker& worker_;
    Service& service_;
    Gate gate_;
    Worker::Tick tick_;
    std::vector<HttpConnection*> connections_;
    std::string date_field_;
    std::int64_t date_ = 0;
    TimePoint next_warning_ = TimePoint::min();
    std::size_t unlogged_ = 0;
};

}  // namespace shadowcat::http
