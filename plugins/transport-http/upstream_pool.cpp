// SPDX-License-Identifier: Apache-2.0
// Who gets which connection, and what becomes of it afterwards.
#include "upstream_pool.hpp"

#include <algorithm>

namespace shadowcat::http {

namespace {

constexpr std::size_t kMaxWaiting = 4096;

}  // namespace

ConnectionLease::ConnectionLease(std::shared_ptr<UpstreamPool> pool,
                                 std::unique_ptr<UpstreamConnection> connection, Use use,
                                 Interrupt& interrupt)
    : pool_(std::move(pool)),
      connection_(std::move(connection)),
      interrupt_(&interrupt),
      use_(use) {
    interrupt.guard(connection_.get());
}

ConnectionLease::ConnectionLease(ConnectionLease&&) noexcept = default;

ConnectionLease::~ConnectionLease() {
    if (connection_) end(false);
}

void ConnectionLease::guard_by(Interrupt& interrupt) noexcept {
    interrupt_->guard(nullptr);
    interrupt_ = &interrupt;
    interrupt_->guard(connection_.get());
}

void ConnectionLease::keep() && { end(true); }

void ConnectionLease::end(bool keep) {
    interrupt_->guard(nullptr);
    pool_->give_back(std::move(connection_), use_, keep);
}

UpstreamPool::UpstreamPool(Worker& worker, UpstreamTarget target, const std::string& upstream,
                           Metrics& metrics)
    : worker_(worker),
      target_(std::move(target)),
      upstream_(upstream),
      schemas_(upstream),
      open_(metrics.gauge("shadowcat_http_upstream_connections",
                          "Open connections to HTTP upstreams", Labels{{"upstream", upstream}})),
      opened_(metrics.counter("shadowcat_http_upstream_connections_opened_total",
                              "Connections opened to HTTP upstreams",
                              Labels{{"upstream", upstream}})),
      retries_(metrics.counter("shadowcat_http_upstream_retries_total",
                               "Requests repeated because a kept connection had been closed",
                               Labels{{"upstream", upstream}})) {}

awaitable<Result<ConnectionLease>> UpstreamPool::acquire(Use use, Interrupt& interrupt,
                                                         bool fresh) {
    if (interrupt.requested()) co_return Error(interrupt.reason()).mark_nothing_sent();
    Result<void> turn = co_await wait_for_turn(use, interrupt);
    if (turn.has_error()) co_return turn.error();
    auto idle = fresh ? nullptr : take_idle();
    const bool is_new = !idle;
    if (is_new) idle = make_connection();
    ConnectionLease lease(shared_from_this(), std::move(idle), use, interrupt);
    if (is_new) {
        Result<void> opened = co_await lease->open(target_.connect_timeout);
        if (interrupt.requested()) co_return Error(interrupt.reason()).mark_nothing_sent();
        if (opened.has_error()) co_return Error(opened.error()).mark_nothing_sent();
    }
    co_return Result<ConnectionLease>(std::move(lease));
}

std::optional<ConnectionLease> UpstreamPool::take_kept(Use use, Interrupt& interrupt) {
    if (idle_.empty() || interrupt.requested() || !has_turn(use)) return std::nullopt;
    auto idle = take_idle();
    if (!idle) return std::nullopt;
    take_turn(use);
    return std::optional<ConnectionLease>(std::in_place, shared_from_this(), std::move(idle), use,
                                          interrupt);
}

bool UpstreamPool::has_turn(Use use) const noexcept {
    return use == Use::stream || (use == Use::call ? calls_ : messages_) < target_.max_connections;
}

void UpstreamPool::take_turn(Use use) noexcept {
    if (use == Use::call) ++calls_;
    if (use == Use::message) ++messages_;
}

awaitable<Result<void>> UpstreamPool::wait_for_turn(Use use, Interrupt& interrupt) {
    if (use == Use::stream) co_return Result<void>();
    const bool too_many = use == Use::message ? !has_turn(use) : waiting_.size() >= kMaxWaiting;
    if (stopped_ || too_many) {
        const char* what = stopped_ ? "the connector was stopped" : "too many requests wait";
        co_return target_.failure(ErrorCode::unavailable, what).mark_nothing_sent();
    }
    while (!has_turn(use)) {
        waiting_.push_back(&interrupt);
        co_await interrupt.wakeup.wait();
        std::erase(waiting_, &interrupt);
        if (interrupt.requested()) co_return Error(interrupt.reason()).mark_nothing_sent();
    }
    take_turn(use);
    co_return Result<void>();
}

std::unique_ptr<UpstreamConnection> UpstreamPool::take_idle() {
    while (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        if (!connection->stale(worker_.now())) return connection;
        forget(*connection);
    }
    return nullptr;
}

std::unique_ptr<UpstreamConnection> UpstreamPool::make_connection() {
    if (connections_.empty() && !stopped_) {
        tick_ = worker_.every_tick([this](TimePoint now) { sweep(now); });
    }
    auto connection = std::make_unique<UpstreamConnection>(target_, worker_.executor());
    connection->slot = connections_.size();
    connections_.push_back(connection.get());
    open_.add();
    opened_.add();
    return connection;
}

void UpstreamPool::give_back(std::unique_ptr<UpstreamConnection> connection, Use use, bool keep) {
    connection->end_observed();
    if (use == Use::call) --calls_;
    if (use == Use::message) --messages_;
    if (keep && !stopped_ && idle_.size() < target_.max_idle_connections) {
        connection->rest(worker_.now());
        idle_.push_back(std::move(connection));
    } else {
        forget(*connection);
        connection.reset();
    }
    if (calls_ < target_.max_connections && !waiting_.empty()) waiting_.front()->wakeup.notify();
}

void UpstreamPool::forget(UpstreamConnection& connection) noexcept {
    connections_[connection.slot] = connections_.back();
    connections_[connection.slot]->slot = connection.slot;
    connections_.pop_back();
    open_.subtract();
    if (connections_.empty()) tick_ = Worker::Tick();
}

void UpstreamPool::sweep(TimePoint now) {
    for (UpstreamConnection* each : connections_) {
        if (each->deadline < now) each->expire();
    }
    const auto useless = [&](const std::unique_ptr<UpstreamConnection>& each) {
        if (each->idle_since + target_.idle_timeout >= now && !each->stream.is_stale())
            return false;
        forget(*each);
        return true;
    };
    std::erase_if(idle_, useless);
}

void UpstreamPool::stop() {
    stopped_ = true;
    for (auto& each : idle_)
        forget(*each);
    idle_.clear();
    while (!waiting_.empty()) {
        Interrupt* next = waiting_.front();
        waiting_.pop_front();
        next->request(target_.failure(ErrorCode::unavailable, "the connector was stopped"));
    }
}

}  // namespace shadowcat::http
