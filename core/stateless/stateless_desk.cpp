// SPDX-License-Identifier: Apache-2.0
// Choosing the way of a stateless request.
#include "core/stateless/stateless_desk.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"

#include "core/mcp/log_severity.hpp"
#include "core/session/session_table.hpp"
#include "core/upstream/stateless_link.hpp"

#include <algorithm>

namespace shadowcat::core {

namespace {

/// A known one, or none at all.
bool names_log_level(const sdk::Message& request) {
    const auto level = sdk::json::member(request.meta(), "io.modelcontextprotocol/logLevel");
    return level.empty() || log_severity(request.log_level()).has_value();
}

}  // namespace

sdk::Result<std::shared_ptr<sdk::ClientSession>> StandInSessions::open(
    const sdk::ClientInfo& client) {
    return table_.open_stand_in(client);
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> StandInSessions::find(
    std::string_view id, const sdk::ClientInfo& client) {
    return table_.find(id, client);
}

bool StandInSessions::accepts_revision(std::string_view revision) const noexcept {
    return table_.accepts_revision(revision);
}

StatelessDesk::StatelessDesk(SessionContext& context, SessionTable& table, StatelessCommon& common)
    : context_(context),
      table_(table),
      common_(common),
      stand_ins_(table),
      bridge_(context.worker, stand_ins_, context.settings.bridge, common.seal) {
    common_.desks.push_back(this);
    tick_ = context.worker.every_tick([this](sdk::TimePoint now) {
        // Nobody will come back to a proxy that is about to end.
        bridge_.sweep(table_.closed() ? sdk::TimePoint::max() : now);
    });
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
    if (!names_log_level(request)) {
        sdk::Message refusal = sdk::make_error(request.id(), sdk::json_rpc::kInvalidParams,
                                               "params._meta: logLevel names no log level");
        co_await replies.write(std::move(refusal));
        co_return;
    }
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
    table_.passed(session);
}

sdk::awaitable<> StatelessDesk::stop() {
    tick_ = sdk::Worker::Tick();
    co_await bridge_.stop();
}

}  // namespace shadowcat::core
