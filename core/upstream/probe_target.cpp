// SPDX-License-Identifier: Apache-2.0
// The probe link.
#include "core/upstream/probe_target.hpp"

#include "core/upstream/ask.hpp"
#include "core/upstream/era_probe.hpp"
#include "core/upstream/shared_link.hpp"
#include "core/upstream/stateless_link.hpp"

namespace shadowcat::core {

namespace {

sdk::Error stopping() {
    return sdk::Error(sdk::ErrorCode::closed, "the health check is being stopped");
}

}  // namespace

sdk::awaitable<sdk::Result<sdk::Message>> ProbeTarget::ask(sdk::Message request) {
    const std::shared_ptr<ProbeTarget> alive = shared_from_this();
    const Leased opened = co_await open();
    if (opened.has_error()) co_return opened.error();
    const std::shared_ptr<LinkLease> lease = *opened;
    if (request.method() == "ping" && is_stateless()) request = discover_request();
    co_return co_await core::ask(worker_, lease->link(), std::move(request), limit_);
}

std::size_t ProbeTarget::crashes_since_last_check() {
    return upstream_ ? upstream_->state().crashes.exchange(0) : 0;
}

sdk::awaitable<sdk::Result<void>> ProbeTarget::ensure_open() {
    const std::shared_ptr<ProbeTarget> alive = shared_from_this();
    const Leased opened = co_await open();
    if (opened.has_error()) co_return opened.error();
    co_return sdk::Result<void>();
}

/// A server without sessions knows no ping, and need not be greeted.
bool ProbeTarget::is_stateless() const {
    return upstream_ && upstream_->state().era.sessions() == UpstreamEra::Known::no;
}

sdk::awaitable<ProbeTarget::Leased> ProbeTarget::open() {
    if (!upstream_) co_return stopping();
    if (is_stateless()) co_return co_await upstream_->stateless().lease();
    if (upstream_->is_shared()) co_return co_await upstream_->shared().lease();
    if (probe_ && probe_->alive()) co_return probe_;
    co_return co_await open_own();
}

sdk::awaitable<ProbeTarget::Leased> ProbeTarget::open_own() {
    const Leased opened = co_await upstream_->lease_probe(*this);
    if (opened.has_error()) co_return opened.error();
    const std::shared_ptr<LinkLease> fresh = *opened;
    fresh->refuse_requests("this client only checks health");
    if (!upstream_) {
        co_await fresh->link().close();
        co_return stopping();
    }
    probe_ = fresh;
    const sdk::Result<std::string> greeted = co_await handshake(worker_, fresh->link(), limit_);
    if (greeted.has_error()) co_return greeted.error();
    co_return fresh;
}

sdk::awaitable<> ProbeTarget::close_link() {
    const std::shared_ptr<LinkLease> closing = std::move(probe_);
    if (closing) co_await closing->link().close();
}

void ProbeTarget::on_closed(const sdk::Error&) {
    if (upstream_) ++upstream_->state().crashes;
}

}  // namespace shadowcat::core
