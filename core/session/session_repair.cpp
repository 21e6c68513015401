// SPDX-License-Identifier: Apache-2.0
// What becomes of a session whose upstream has lost it (duties B.15, peers B).
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/mcp/revisions.hpp"
#include "core/session/session.hpp"
#include "core/upstream/ask.hpp"

#include <boost/asio/post.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shadowcat::core {

namespace {

std::string protocol_version_of(const nlohmann::json& initialize_result) {
    if (!initialize_result.is_object()) return {};
    const auto found = initialize_result.find("protocolVersion");
    const bool readable = found != initialize_result.end() && found->is_string();
    return readable ? found->get<std::string>() : std::string();
}

}  // namespace

bool Session::repairable() const {
    return !context_.settings.transparent && memory_.repairable(context_.settings.repair);
}

/// A fresh server knows nothing of the client: it gets the client's own `initialize` again, and
/// what the client has set since.
sdk::awaitable<sdk::Result<void>> Session::establish(sdk::Link& link) {
    sdk::Result<void> done;
    if (is_shared()) {
        const auto result =
            nlohmann::json::parse(upstream_->shared().initialize_result(), nullptr, false);
        done = check_revision(protocol_version_of(result));
    } else {
        done = co_await repeat_initialize(link);
    }
    if (done.has_value()) done = co_await repeat_requests(link);
    if (done.has_error()) co_return done.error().within("upstream '" + upstream_name_ + "'");
    context_.metrics.repaired(upstream_name_);
    sdk::log::info("upstream reopened, session initialised again",
                   {{"session", label_}, {"upstream", upstream_name_}});
    co_return done;
}

sdk::awaitable<sdk::Result<void>> Session::repeat_initialize(sdk::Link& link) {
    sdk::Message request = sdk::Message::parse(memory_.initialize()).value();
    const sdk::Result<sdk::Message> response =
        co_await ask(context_.worker, link, std::move(request), context_.settings.request_timeout);
    if (response.has_error()) co_return response.error();
    const auto document = nlohmann::json::parse(response->bytes(), nullptr, false);
    const auto result = document.value("result", nlohmann::json());
    const sdk::Result<void> same = check_revision(protocol_version_of(result));
    if (same.has_error() || !memory_.was_initialized()) co_return same;
    sdk::Message initialized = sdk::make_notification("notifications/initialized");
    co_return co_await link.send(std::move(initialized));
}

/// The client goes on in the revision it has negotiated, so the fresh server must agree to it, or
/// to a newer one.
sdk::Result<void> Session::check_revision(std::string_view spoken) {
    const bool agrees = spoken == revision_ || (mcp::is_legacy(revision_) && revision_ < spoken);
    if (agrees) return {};
    const auto error = sdk::upstream_error(
        sdk::ErrorCode::unknown_session,
        "the server that took over does not agree to revision '" + revision_ + "'");
    lose("revision", error);
    return error;
}

sdk::awaitable<sdk::Result<void>> Session::repeat_requests(sdk::Link& link) {
    std::vector<sdk::Message> requests = memory_.requests_to_repeat();
    for (sdk::Message& request : requests) {
        const bool level = request.method() == "logging/setLevel";
        if (level && is_shared()) continue;
        const sdk::Result<sdk::Message> response = co_await ask(
            context_.worker, link, std::move(request), context_.settings.request_timeout);
        if (response.has_error()) co_return response.error();
        if (response->kind() == sdk::MessageKind::result) continue;
        const auto error =
            sdk::upstream_error(sdk::ErrorCode::unknown_session,
                                level ? "the server that took over refused the log level"
                                      : "the server that took over refused a subscription");
        lose("refused", error);
        co_return error;
    }
    co_return sdk::Result<void>();
}

void Session::check_link(const std::shared_ptr<LinkLease>& lease, const sdk::Error& error) {
    if (lease == lease_ && !lease->alive()) link_gone(error);
}

/// May come after the session has noticed by itself, even from the link before the present one.
void Session::on_closed(const sdk::Error& error) {
    if (opening_ && upstream_) ++upstream_->state().crashes;
    if (lease_ && !lease_->alive()) link_gone(error);
}

void Session::link_gone(const sdk::Error& error) {
    const bool retired = lease_->retiring() || error.code() == sdk::ErrorCode::closed;
    const bool unknown = error.code() == sdk::ErrorCode::unknown_session;
    const std::string_view reason = retired ? "retired" : unknown ? "unknown_session" : "crashed";
    if (!retired) {
        if (!unknown) ++lease_->upstream().crashes;
        sdk::log::warn("upstream lost",
                       {{"session", label_}, {"upstream", upstream_name_}, {"error", error}});
    }
    report_exit(lease_->link());
    if (context_.worker.observer()) tell_link_closed(error.message());
    let_go(false);
    finished();
    settled_ = false;
    questions_.clear();
    if (context_.link_lost) return context_.link_lost(error);
    if (!repairable()) lose(reason, error);
}

/// The link is closed after the session has forgotten it, and perhaps has ended itself.
void Session::let_go(bool alive) {
    std::shared_ptr<LinkLease> lease = std::move(lease_);
    lease_.reset();
    lease->unbind();
    if (alive && context_.worker.observer()) tell_link_closed("replaced by another");
    spawn_logged(context_.worker, close_link(context_.worker, std::move(lease), alive),
                 "session.let_go");
}

/// Outside of any call that came from the link. Calls under way on one that has ended hold it too
/// and finish first.
sdk::awaitable<> Session::close_link(sdk::Worker& worker, std::shared_ptr<LinkLease> lease,
                                     bool alive) {
    co_await sdk::asio::post(worker.executor(), sdk::use_awaitable);
    if (alive) co_await lease->link().close();
}

void Session::lose(std::string_view reason, const sdk::Error& error) {
    if (ended()) return;
    lost_ = true;
    context_.metrics.lost(upstream_name_, reason);
    sdk::log::warn(
        "session lost",
        {{"session", label_}, {"upstream", upstream_name_}, {"reason", reason}, {"error", error}});
    end_later("its server has lost it");
}

bool Session::can_leave(const Upstream& failed) const {
    if (uses_ != 0 || opening_ || !repairable()) return false;
    return std::ranges::any_of(context_.group.members(), [&](const auto& member) {
        return member.get() != &failed && member->accepts();
    });
}

void Session::leave(Upstream& failed) {
    if (!can_leave(failed)) return;
    avoid_ = &failed;
    if (upstream_ != &failed) return;
    if (lease_) let_go(true);
    questions_.clear();
    unbind();
    if (listening()) open_early();
}

/// A link that has served its time is replaced between two calls, at once if somebody listens.
void Session::retire_link() {
    const bool due = lease_ && lease_->alive() && lease_->retiring();
    if (!due || uses_ != 0 || opening_ || !repairable()) return;
    sdk::log::debug("link retired", {{"session", label_}, {"upstream", upstream_name_}});
    let_go(true);
    settled_ = false;
    questions_.clear();
    if (listening()) open_early();
}

}  // namespace shadowcat::core
