// SPDX-License-Identifier: Apache-2.0
// Opening, finding and expiring sessions.
#include "core/session/session_table.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/exchange/exchange.hpp"
#include "core/mcp/revisions.hpp"

#include <numeric>

namespace shadowcat::core {

SessionTable::SessionTable(SessionContext& context, SessionRegistry& registry)
    : context_(context), registry_(registry) {
    context_.forget = [this](const std::string& id) {
        if (sessions_.erase(id) != 0) --registry_.live;
    };
    tick_ = context_.worker.every_tick([this](sdk::TimePoint now) { sweep(now); });
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::open(const sdk::ClientInfo&) {
    return add(registry_.ids.mint(context_.worker.index()));
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::find(
    std::string_view id, const sdk::ClientInfo&) {
    const auto found = sessions_.find(id);
    if (found != sessions_.end()) return std::shared_ptr<sdk::ClientSession>(found->second);
    if (!context_.settings.adopt_unknown || registry_.ids.minted(id)) {
        return sdk::downstream_error(sdk::ErrorCode::unknown_session, "unknown or ended session");
    }
    return add(std::string(id));
}

sdk::Result<std::shared_ptr<sdk::ClientSession>> SessionTable::add(std::string id) {
    if (closed_) return sdk::Error(sdk::ErrorCode::unavailable, "the proxy is shutting down");
    if (registry_.live.fetch_add(1) >= context_.settings.max_sessions) {
        --registry_.live;
        return sdk::Error(
            sdk::ErrorCode::session_limit,
            "all " + std::to_string(context_.settings.max_sessions) + " sessions are in use");
    }
    std::string label = "s" + std::to_string(++registry_.opened);
    auto session = std::make_shared<Session>(context_, id, std::move(label));
    sessions_.emplace(std::move(id), session);
    if (context_.settings.transparent) session->open_early();
    return std::shared_ptr<sdk::ClientSession>(std::move(session));
}

bool SessionTable::accepts_revision(std::string_view revision) const noexcept {
    return context_.settings.transparent ||
           mcp::accepts_header(revision, context_.settings.lenient_revisions);
}

std::size_t SessionTable::in_flight() const {
    return std::accumulate(
        sessions_.begin(), sessions_.end(), std::size_t{0},
        [](std::size_t sum, const auto& entry) { return sum + entry.second->exchanges().size(); });
}

sdk::awaitable<> SessionTable::end_one(std::shared_ptr<Session> session, sdk::Gate::Pass pass) {
    const sdk::Gate::Pass inside = std::move(pass);
    co_await session->end();
}

sdk::awaitable<> SessionTable::end_all() {
    std::vector<std::shared_ptr<Session>> all;
    for (const auto& [id, session] : sessions_)
        all.push_back(session);
    sdk::Gate ending;
    for (const auto& session : all) {
        spawn_logged(context_.worker, end_one(session, ending.enter()), "session.end");
    }
    all.clear();
    co_await ending.empty();
    tick_ = sdk::Worker::Tick();
}

void SessionTable::leave(Upstream& upstream, bool now_or_never) {
    for (const auto& [id, session] : sessions_)
        swept_.push_back(session);  // leaving may end sessions
    for (const auto& session : swept_) {
        if (session->upstream() == &upstream && now_or_never) session->end_later();
    }
    swept_.clear();
}

void SessionTable::sweep(sdk::TimePoint now) {
    for (const auto& [id, session] : sessions_)
        swept_.push_back(session);  // a sweep may end sessions
    for (const auto& session : swept_) {
        if (!session->sweep(now)) continue;
        sdk::log::info("session expired", {{"session", session->label()}});
        session->end_later();
    }
    swept_.clear();
}

}  // namespace shadowcat::core
