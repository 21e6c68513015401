// SPDX-License-Identifier: Apache-2.0
// Opening, asking and renewing.
#include "core/upstream/stateless_link.hpp"

#include "shadowcat/sdk/log.hpp"

#include "core/upstream/ask.hpp"
#include "core/upstream/era_probe.hpp"
#include "core/upstream/upstream.hpp"

namespace shadowcat::core {

sdk::awaitable<StatelessLink::Leased> StatelessLink::lease() {
    const sdk::Gate::Pass pass = running_.enter();
    while (opening_) {
        sdk::Wakeup opened;
        waiting_.push_back(&opened);
        co_await opened.wait();
    }
    const bool not_stateless_known = upstream_.state().era.stateless() == UpstreamEra::Known::no;
    if (not_stateless_known) co_return not_stateless();
    if (lease_ && lease_->alive() && !lease_->retiring()) co_return lease_;
    opening_ = true;
    Leased fresh = co_await open();
    opening_ = false;
    std::vector<sdk::Wakeup*> waiting;
    waiting.swap(waiting_);
    for (sdk::Wakeup* each : waiting)
        each->notify();
    co_return fresh;
}

/// The calls under way on a link that has served its time hold it; the last to go closes it.
sdk::awaitable<StatelessLink::Leased> StatelessLink::open() {
    lease_.reset();
    Leased fresh = co_await upstream_.lease_stateless(*this);
    if (fresh.has_error()) co_return fresh;
    const std::shared_ptr<LinkLease> lease = *fresh;
    if (upstream_.state().era.stateless() != UpstreamEra::Known::yes) {
        const sdk::Result<void> asked = co_await probe(*lease);
        if (asked.has_error()) {
            co_await lease->link().close();
            co_return asked.error();
        }
    }
    lease_ = lease;
    co_return fresh;
}

sdk::awaitable<sdk::Result<void>> StatelessLink::probe(LinkLease& lease) {
    sdk::Message question = discover_request();
    const sdk::Result<sdk::Message> answer =
        co_await ask(worker_, lease.link(), std::move(question), probe_timeout_);
    UpstreamEra& era = upstream_.state().era;
    switch (judge_probe(answer, !upstream_.links_share_state())) {
        case ProbeVerdict::stateless:
            era.learn_stateless(true);
            co_return sdk::Result<void>();
        case ProbeVerdict::sessions:
            era.learn_stateless(false);
            sdk::log::info("upstream speaks in sessions", {{"upstream", upstream_.name()}});
            co_return not_stateless();
        case ProbeVerdict::no_evidence:
            break;
    }
    upstream_.handshake_failed(answer.error());
    co_return answer.error().within("upstream '" + upstream_.name() + "'").mark_nothing_sent();
}

sdk::Error StatelessLink::not_stateless() const {
    return sdk::upstream_error(sdk::ErrorCode::unsupported,
                               "upstream '" + upstream_.name() + "' speaks in sessions only")
        .mark_nothing_sent();
}

sdk::awaitable<> StatelessLink::close() {
    const std::shared_ptr<LinkLease> closing = std::move(lease_);
    if (closing) co_await closing->link().close();
    co_await running_.empty();
}

sdk::awaitable<> StatelessLink::on_message(sdk::Message message) {
    sdk::log::debug("message that answers nothing dropped",
                    {{"upstream", upstream_.name()}, {"method", message.method()}});
    co_return;
}

void StatelessLink::on_closed(const sdk::Error& error) {
    ++upstream_.state().crashes;
    sdk::log::warn("upstream lost", {{"upstream", upstream_.name()}, {"error", error}});
}

}  // namespace shadowcat::core
