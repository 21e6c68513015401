// SPDX-License-Identifier: Apache-2.0
// Opening, finding and expiring sessions.
#include "core/session/session_table.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/exchange/exchange.hpp"
#include "core/mcp/revisions.hpp"
#include "core/stateless/stateless_conversation.hpp"

#include <numeric>

namespace shadowcat::core {

SessionTable::SessionTable(SessionContext& context, SessionRegistry& registry)
    : context_(context), registry_(registry) {
    context_.forget = [this](const std::string& id) {
        const auto found = sessions_.find(id);
        if (found == sessions_.end()) return;
        const std::shared_ptr<Session> holds_the_key = found->second;
        sessions_.erase(found);
        --registry_.live;
    };
    tick_ = context_.worker.every_tick([this](sdk::TimePoint now) { sweep(now); });
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::open(const sdk::ClientInfo& client) {
    return add(registry_.ids.mint(context_.worker.index()), client);
}

/// Another principal's session is as unknown as one that never was.
sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::find(std::string_view id,
                                                                    const sdk::ClientInfo& client) {
    const auto found = sessions_.find(id);
    const bool known = found != sessions_.end();
    if (known && found->second->principal() == client.principal) {
        found->second->seen_from(client.peer);
        return std::shared_ptr<sdk::ClientSession>(found->second);
    }
    if (known || !context_.settings.adopt_unknown || registry_.ids.minted(id)) {
        return sdk::downstream_error(sdk::ErrorCode::unknown_session, "unknown or ended session");
    }
    return add(std::string(id), client);
}

sdk::Result<void> SessionTable::admit() {
    if (closed_) return sdk::Error(sdk::ErrorCode::unavailable, "the proxy is shutting down");
    if (registry_.shedding) {
        return sdk::Error(sdk::ErrorCode::unavailable, "the proxy is short of memory");
    }
    if (registry_.live.fetch_add(1) < context_.settings.max_sessions) return {};
    --registry_.live;
    return sdk::Error(
        sdk::ErrorCode::session_limit,
        "all " + std::to_string(context_.settings.max_sessions) + " sessions are in use");
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::add(std::string id,
                                                                   const sdk::ClientInfo& client) {
    const sdk::Result<void> admitted = admit();
    if (admitted.has_error()) {
        context_.metrics.sessions_refused.add();
        return admitted.error();
    }
    std::string label = "s" + std::to_string(++registry_.opened);
    auto session = std::make_shared<Session>(context_, std::move(id), std::move(label), client);
    sessions_.emplace(session->id(), session);
    if (context_.settings.transparent) session->open_early();
    return std::shared_ptr<sdk::ClientSession>(std::move(session));
}

bool SessionTable::accepts_revision(std::string_view revision) const noexcept {
    return context_.settings.transparent ||
           mcp::accepts_header(revision, context_.settings.lenient_revisions);
}

std::span<const std::string_view> SessionTable::stateless_revisions() const noexcept {
    if (!desk_) return {};
    return mcp::stateless_revisions();
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::open_stateless(
    const sdk::ClientInfo& client) {
    if (!desk_) return Service::open_stateless(client);
    if (closed_) return sdk::Error(sdk::ErrorCode::unavailable, "the proxy is shutting down");
    return std::shared_ptr<sdk::ClientSession>(
        std::make_shared<StatelessConversation>(*desk_, client));
}

std::optional<std::string> SessionTable::mirror_mismatch(
    const sdk::Message& call, std::span<const sdk::MirroredHeader> headers) const {
    for (const auto& member : context_.group.members()) {
        const auto schema = member->state().schemas.find(call.name());
        if (!schema) continue;
        return schema->mismatch(sdk::json::member(call.params(), "arguments"), headers);
    }
    return std::nullopt;
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::open_stand_in(
    const sdk::ClientInfo& client) {
    auto opened = open(client);
    if (opened.has_value()) static_cast<Session&>(**opened).take_any_question();
    return opened;
}

std::shared_ptr<Session> SessionTable::pass(const sdk::ClientInfo& client) {
    auto session = std::make_shared<Session>(context_, std::string(), "stateless", client,
                                             sdk::Era::stateless);
    passing_.insert(session);
    return session;
}

/// Every session there is, also those that nobody finds.
void SessionTable::gather(std::vector<std::shared_ptr<Session>>& all) const {
    for (const auto& [id, session] : sessions_)
        all.push_back(session);
    all.insert(all.end(), passing_.begin(), passing_.end());
}

std::size_t SessionTable::in_flight() const {
    return std::accumulate(
        sessions_.begin(), sessions_.end(), std::size_t{0},
        [](std::size_t sum, const auto& entry) { return sum + entry.second->exchanges().size(); });
}

std::vector<SessionDescription> SessionTable::describe() const {
    std::vector<SessionDescription> all;
    all.reserve(sessions_.size());
    const sdk::TimePoint now = context_.worker.now();
    for (const auto& [id, session] : sessions_) {
        SessionDescription& one = all.emplace_back();
        one.label = session->label();
        one.revision = session->revision();
        one.upstream = session->upstream_name();
        one.principal = session->principal();
        one.age = now - session->opened();
        one.idle = now - session->last_used();
        one.in_flight = session->exchanges().size();
        one.listening = session->listening();
    }
    return all;
}

sdk::awaitable<> SessionTable::end_one(std::shared_ptr<Session> session, sdk::Gate::Pass pass) {
    const sdk::Gate::Pass inside = std::move(pass);
    co_await session->end_because("the proxy ends");
}

sdk::awaitable<> SessionTable::end_all() {
    std::vector<std::shared_ptr<Session>> ended;
    gather(ended);
    sdk::Gate ending;
    for (const auto& session : ended) {
        spawn_logged(context_.worker, end_one(session, ending.enter()), "session.end");
    }
    ended.clear();
    co_await ending.empty();
    tick_ = sdk::Worker::Tick();
}

bool SessionTable::signal_servers(int number) {
    bool any = false;
    for (const auto& [id, session] : sessions_)
        any = session->signal_server(number) || any;
    return any;
}

void SessionTable::leave(Upstream& upstream, bool now_or_never) {
    gather(swept_);  // leaving may end sessions
    for (const auto& session : swept_) {
        if (session->upstream() != &upstream) continue;
        session->leave(upstream);
        if (session->upstream() == &upstream && now_or_never) {
            session->end_later("its upstream was removed");
        }
    }
    swept_.clear();
}

void SessionTable::sweep(sdk::TimePoint now) {
    gather(swept_);  // a sweep may end sessions
    for (const auto& session : swept_) {
        const bool idle = session->sweep(now);
        if (!idle || session->is_stateless()) continue;
        sdk::log::info("session expired", {{"session", session->label()}});
        session->end_later("idle for too long");
    }
    swept_.clear();
}

}  // namespace shadowcat::core
