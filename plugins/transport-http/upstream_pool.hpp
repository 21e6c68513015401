// SPDX-License-Identifier: Apache-2.0
// UpstreamPool: the keep-alive connections to one upstream on one worker.
#pragma once

#include "shadowcat/sdk/metrics.hpp"
#include "shadowcat/sdk/worker.hpp"

#include "interrupt.hpp"
#include "tool_schemas.hpp"
#include "upstream_connection.hpp"
#include "upstream_target.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shadowcat::http {

/// What a connection is wanted for.
enum class Use : std::uint8_t {
    call,     ///< counts against `max_connections`; waits for its turn
    message,  ///< short: never waits behind calls, which may wait for it
    stream    ///< for long; not limited here: one per session, and the listens of its calls
};

class UpstreamPool;

/// A connection in use, closed by the interrupt it is guarded by, which outlives the lease. Closes
/// it in the end unless `keep` was called.
class ConnectionLease {
public:
    ConnectionLease(std::shared_ptr<UpstreamPool> pool,
                    std::unique_ptr<UpstreamConnection> connection, Use use, Interrupt& interrupt);
    ConnectionLease(ConnectionLease&& other) noexcept;
    ConnectionLease& operator=(ConnectionLease&&) = delete;
    ~ConnectionLease();

    UpstreamConnection& operator*() const noexcept { return *connection_; }
    UpstreamConnection* operator->() const noexcept { return connection_.get(); }

    /// From now on `interrupt` closes it, not the one before.
    void guard_by(Interrupt& interrupt) noexcept;

    /// Back to the pool, for others. The lease is over.
    void keep() &&;

private:
    void end(bool keep);

    std::shared_ptr<UpstreamPool>
        pool_;  // shared: leases outlive a connector that is destroyed early
    std::unique_ptr<UpstreamConnection> connection_;
    Interrupt* interrupt_;
    Use use_;
};

/// Held by `shared_ptr`. Idle connections are reused last in, first out, after a look at whether
/// the server has closed them, and closed when they get old. One sweep a tick, no timer per
/// operation.
class UpstreamPool : public std::enable_shared_from_this<UpstreamPool> {
public:
    UpstreamPool(Worker& worker, UpstreamTarget target, const std::string& upstream,
                 Metrics& metrics);

    /// An open connection, idle or new; `fresh` asks for a new one. Fails, with nothing sent, with
    /// the reason of `interrupt`, `unreachable`, `timed_out` or `unavailable`.
    awaitable<Result<ConnectionLease>> acquire(Use use, Interrupt& interrupt, bool fresh = false);

    /// An idle connection, when there is one and it is the caller's turn; else `acquire`.
    std::optional<ConnectionLease> take_kept(Use use, Interrupt& interrupt);

    /// Closes idle connections; none are kept from now on.
    void stop();

    const UpstreamTarget& target() const noexcept { return target_; }
    Worker& worker() noexcept { return worker_; }
    const std::string& upstream() const noexcept { return upstream_; }
    std::size_t idle() const noexcept { return idle_.size(); }

    Counter& retries() noexcept { return retries_; }

    /// Whether the upstream was last found to know only HTTP+SSE (2024-11-05).
    bool is_older() const noexcept { return older_; }
    void set_older(bool is) noexcept { older_ = is; }

    /// What all links have learnt of the upstream's tools.
    ToolSchemas& schemas() noexcept { return schemas_; }

private:
    friend class ConnectionLease;

    bool has_turn(Use use) const noexcept;
    void take_turn(Use use) noexcept;
    awaitable<Result<void>> wait_for_turn(Use use, Interrupt& interrupt);
    std::unique_ptr<UpstreamConnection> take_idle();
    std::unique_ptr<UpstreamConnection> make_connection();
    void give_back(std::unique_ptr<UpstreamConnection> connection, Use use, bool keep);
    void forget(UpstreamConnection& connection) noexcept;
    void sweep(TimePoint now);

    Worker& worker_;
    UpstreamTarget target_;
    const std::string upstream_;
    ToolSchemas schemas_;
    Gauge& open_;
    Counter& opened_;
    Counter& retries_;
    std::vector<UpstreamConnection*> connections_;  // all, for the sweep
    std::vector<std::unique_ptr<UpstreamConnection>> idle_;
    std::deque<Interrupt*> waiting_;
    std::size_t calls_ = 0, messages_ = 0;
    Worker::Tick tick_;
    bool stopped_ = false, older_ = false;
};

}  // namespace shadowcat::http
