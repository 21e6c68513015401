// SPDX-License-Identifier: Apache-2.0
// Choosing the way of a stateless request.
#include "core/stateless/stateless_desk.hpp"

#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/session/session_table.hpp"
#include "core/upstream/stateless_link.hpp"

#include <algorithm>

namespace shadowcat::core {

StatelessDesk::StatelessDesk(SessionContext& context, SessionTable& table, StatelessCommon& common)
    : context_(context),
      table_(table),
      common_(common),
      bridge_(context.worker, table, context.settings.bridge, common.seal) {
    common_.desks.push_back(this);
    tick_ = context.worker.every_tick([this](sdk::TimePoint now) { bridge_.sweep(now); });
}

StatelessDesk::~StatelessDesk() = default;

StatelessDesk& StatelessDesk::desk_of(std::string_view principal) {
    const auto& members = context_.group.members();
    const bool same_everywhere = std::ranges::all_of(members, [](const auto& member) {
        return member->links_share_state() &&
               member->state().era.stateless() == UpstreamEra::Known::yes;
    });
    if (same_everywhere) return *this;
    return *common_.desks[std::hash<std::string_view>()(principal) % common_.desks.size()];
}

sdk::awaitable<> StatelessDesk::perform(sdk::Message request, const sdk::ClientInfo& client,
                                        sdk::ReplyStream& replies,
                                        sdk::Cancellation& cancellation) {
    const sdk::Result<bool> stateless = co_await speaks_stateless(client);
    if (stateless.has_error()) {
        sdk::Message response = sdk::make_error(request.id(), stateless.error());
        co_await replies.fail(stateless.error(), std::move(response));
    } else if (*stateless) {
        co_await pass(std::move(request), client, replies, cancellation);
    } else {
        co_await bridge_.perform(std::move(request), client, replies, cancellation);
    }
}

/// Asks an upstream if that isn't known yet.
sdk::awaitable<sdk::Result<bool>> StatelessDesk::speaks_stateless(const sdk::ClientInfo& client) {
    const sdk::PickRequest request(client.principal, client.principal);
    const Upstream* avoid = nullptr;
    for (std::size_t tries = 0;; ++tries) {
        const sdk::Result<Upstream*> picked = context_.group.pick(request, avoid);
        if (picked.has_error()) co_return picked.error();
        Upstream& upstream = **picked;
        const UpstreamEra::Known known = upstream.state().era.stateless();
        if (known != UpstreamEra::Known::unknown) co_return known == UpstreamEra::Known::yes;
        const Upstream::Bond bond(upstream);
        const sdk::Result<std::shared_ptr<LinkLease>> asked = co_await upstream.stateless().lease();
        if (asked.has_value()) co_return true;
        if (asked.error().code() == sdk::ErrorCode::unsupported) co_return false;
        if (tries + 1 >= context_.group.members().size()) co_return asked.error();
        avoid = &upstream;
    }
}

sdk::awaitable<> StatelessDesk::pass(sdk::Message request, const sdk::ClientInfo& client,
                                     sdk::ReplyStream& replies, sdk::Cancellation& cancellation) {
    if (cancellation.requested()) co_return;
    const CacheKey key = common_.cache.key_of(request, client.principal);
    if (std::optional<sdk::Message> known =
            common_.cache.find(key, request.id(), sdk::Clock::now())) {
        co_await replies.write(*std::move(known));
        co_return;
    }
    CachingReplies keeping(replies, common_.cache, key);
    const std::shared_ptr<Session> session = table_.pass(client);
    cancellation.on_request([&] { session->withdraw(cancellation.reason()); });
    if (key.empty()) {
        co_await session->request(std::move(request), replies);
    } else {
        co_await session->request(std::move(request), keeping);
    }
    cancellation.on_request({});
    co_await session->end();
}

sdk::awaitable<> StatelessDesk::stop() {
    tick_ = sdk::Worker::Tick();
    co_await bridge_.stop();
}

}  // namespace shadowcat::core
