// SPDX-License-Identifier: Apache-2.0
// Finding out a server's era by the client's `initialize`, and putting a bridge in between.
#include "core/bridge/to_stateless/session_link.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"
#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_stateless/era_sensor.hpp"
#include "core/bridge/to_stateless/session_bridge.hpp"
#include "core/upstream/ask.hpp"

#include <boost/asio/post.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace shadowcat::core {

namespace {

using Known = UpstreamEra::Known;

sdk::Error closed_error() {
    return sdk::upstream_error(sdk::ErrorCode::closed, "the link was closed");
}

/// Passes on what answers `initialize`, except for an error: that is kept for later.
class FirstAnswer final : public sdk::ReplyStream {
public:
    FirstAnswer(sdk::ReplyStream& client, std::function<void()> on_result)
        : client_(client), on_result_(std::move(on_result)) {}

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override {
        if (message.kind() == sdk::MessageKind::error) {
            refusal = std::move(message);
            co_return sdk::Result<void>();
        }
        if (message.is_response()) on_result_();
        co_return co_await client_.write(std::move(message));
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message response) override {
        return write(std::move(response));
    }
    std::uint64_t stream() const noexcept override { return client_.stream(); }
    void sever() noexcept override { client_.sever(); }

    std::optional<sdk::Message> refusal;

private:
    sdk::ReplyStream& client_;
    std::function<void()> on_result_;
};

/// What a `SessionLink` shares with the background in which it may end: the server's link and what
/// that tells, until it is closed.
class SensedServer final : public sdk::LinkEvents,
                           public std::enable_shared_from_this<SensedServer> {
public:
    SensedServer(sdk::Worker& worker, sdk::LinkEvents& events, const sdk::LinkOptions& options,
                 UpstreamEra& era, const BridgeSettings& settings)
        : worker_(worker),
          events_(&events),
          options_(options),
          era_(era),
          settings_(settings),
          stateless_(era.stateless() == Known::yes && era.sessions() == Known::no) {}

    void hold(std::unique_ptr<sdk::Link> link) {
        link_ = std::move(link);
        if (stateless_) build_bridge();
    }

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation) {
        if (!settled_ && request.method() == "initialize") {
            return greet(std::move(request), replies, cancellation);
        }
        if (!bridge_) return link_->call(std::move(request), replies, cancellation);
        if (request.method() == "initialize") {
            return greet_stateless(std::move(request), replies, cancellation);
        }
        return bridge_->call(std::move(request), replies, cancellation);
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) {
        if (bridge_) return bridge_->send(std::move(message));
        return link_->send(std::move(message));
    }
    void set_listening(bool wanted) {
        if (!bridge_) link_->set_listening(wanted);
    }
    sdk::Link& link() const noexcept { return *link_; }

    /// Nothing is told any more; what the client is asked is given up.
    sdk::awaitable<> close() {
        const std::shared_ptr<SensedServer> alive = shared_from_this();
        silence();
        co_await link_->close();
        closed_ = true;
    }

    /// As `close`, in the background.
    void abandon() {
        if (closed_) return;
        silence();
        spawn_logged(worker_, close_later(shared_from_this()), "bridge.abandon");
    }

    sdk::awaitable<> on_message(sdk::Message message) override {
        if (events_ && !stateless_) {
            co_await events_->on_message(std::move(message));
        } else {
            sdk::log::debug("message of a stateless server dropped",
                            {{"method", message.method()}});
        }
    }
    void on_closed(const sdk::Error& error) override {
        const std::shared_ptr<SensedServer> alive = shared_from_this();
        if (bridge_) bridge_->end(error);
        if (events_) events_->on_closed(error);
    }

private:
    void silence() {
        if (bridge_) bridge_->end(closed_error());
        events_ = nullptr;
    }

    static sdk::awaitable<> close_later(std::shared_ptr<SensedServer> self) {
        const std::shared_ptr<SensedServer> held = std::move(self);
        co_await sdk::asio::post(held->worker_.context(), sdk::use_awaitable);
        co_await held->close();
    }

    void build_bridge() {
        stateless_ = settled_ = true;
        bridge_ =
            std::make_shared<SessionBridge>(worker_, link_, *events_, options_, settings_, era_);
    }

    void has_sessions() {
        settled_ = true;
        era_.learn_sessions(true);
    }

    void is_stateless() {
        sdk::log::info("stateless server bridged", {{"peer", link_->peer()}});
        era_.learn_sessions(false);
        era_.learn_stateless(true);
        link_->set_listening(false);
        build_bridge();
    }

    /// Asks a server of unknown era as the client did, and if that is refused as the stateless era
    /// does.
    sdk::awaitable<sdk::Result<void>> greet(sdk::Message request, sdk::ReplyStream& replies,
                                            sdk::Cancellation& cancellation) {
        FirstAnswer answer(replies, [this] { has_sessions(); });
        sdk::Message first = request;
        const sdk::Result<void> done = co_await link_->call(std::move(first), answer, cancellation);
        const bool era_matters = done.has_error() ? may_be_era(done.error()) && link_->alive()
                                                  : answer.refusal.has_value();
        if (era_matters && !cancellation.requested()) {
            sdk::Message question = discover_request(ClientProfile(request));
            const sdk::Result<sdk::Message> found =
                co_await ask(worker_, *link_, std::move(question), settings_.probe_timeout);
            const bool stateless =
                found.has_value() && judge_discovery(*found) == Discovery::stateless && events_;
            if (stateless) {
                is_stateless();
                co_return co_await answer_greeting(request, *found, replies);
            }
        }
        if (answer.refusal) co_return co_await replies.write(*std::move(answer.refusal));
        co_return done;
    }

    /// Asks a server that was stateless when last seen.
    sdk::awaitable<sdk::Result<void>> greet_stateless(sdk::Message request,
                                                      sdk::ReplyStream& replies,
                                                      sdk::Cancellation& cancellation) {
        LastReply answer;
        sdk::Message question = discover_request(ClientProfile(request));
        const sdk::Result<void> done =
            co_await link_->call(std::move(question), answer, cancellation);
        if (answer.response && judge_discovery(*answer.response) == Discovery::stateless) {
            co_return co_await answer_greeting(request, *answer.response, replies);
        }
        if (done.has_error() && !may_be_era(done.error())) co_return done;
        if (!events_) co_return closed_error();
        era_.forget();
        sdk::log::info("server no longer stateless", {{"peer", link_->peer()}});
        bridge_->end(closed_error());
        bridge_.reset();
        stateless_ = settled_ = false;
        co_return co_await greet(std::move(request), replies, cancellation);
    }

    sdk::awaitable<sdk::Result<void>> answer_greeting(const sdk::Message& request,
                                                      const sdk::Message& discovered,
                                                      sdk::ReplyStream& replies) {
        sdk::Message answer =
            is_discover_result(discovered)
                ? bridge_->greet(request, sdk::json::member(discovered.bytes(), "result"))
                : sdk::make_error(request.id(), sdk::json_rpc::kInternalError,
                                  "the server did not say what it offers");
        co_return co_await replies.write(std::move(answer));
    }

    sdk::Worker& worker_;
    sdk::LinkEvents* events_;  // null once closed
    const sdk::LinkOptions options_;
    UpstreamEra& era_;
    const BridgeSettings settings_;
    std::shared_ptr<sdk::Link> link_;        // shared with the bridge
    std::shared_ptr<SessionBridge> bridge_;  // once the server is known to be stateless; shared
                                             // with the calls on it
    bool stateless_;
    bool settled_ = false;  // the era is known
    bool closed_ = false;
};

class SessionLink final : public sdk::Link {
public:
    explicit SessionLink(std::shared_ptr<SensedServer> server) : server_(std::move(server)) {}
    ~SessionLink() override { server_->abandon(); }

    sdk::awaitable<sdk::Result<void>> call(sdk::Message request, sdk::ReplyStream& replies,
                                           sdk::Cancellation& cancellation) override {
        return server_->call(std::move(request), replies, cancellation);
    }
    sdk::awaitable<sdk::Result<void>> send(sdk::Message message) override {
        return server_->send(std::move(message));
    }
    sdk::awaitable<> close() override { return server_->close(); }
    bool alive() const noexcept override { return server_->link().alive(); }
    void set_listening(bool wanted) override { server_->set_listening(wanted); }
    bool end_input() override { return server_->link().end_input(); }
    void set_session(std::string_view label) override { server_->link().set_session(label); }
    void kill() noexcept override { server_->link().kill(); }
    void signal(int number) noexcept override { server_->link().signal(number); }
    std::optional<int> exit_code() const noexcept override { return server_->link().exit_code(); }
    std::size_t resident_bytes() const override { return server_->link().resident_bytes(); }
    std::string peer() const override { return server_->link().peer(); }

private:
    std::shared_ptr<SensedServer> server_;
};

}  // namespace

sdk::awaitable<sdk::Result<std::unique_ptr<sdk::Link>>> open_session_link(
    sdk::Worker& worker, sdk::Connector& connector, sdk::LinkEvents& events,
    const sdk::LinkOptions& options, UpstreamEra& era, const BridgeSettings& settings) {
    if (era.sessions() == Known::yes) co_return co_await connector.open(events, options);
    auto server = std::make_shared<SensedServer>(worker, events, options, era, settings);
    sdk::Result<std::unique_ptr<sdk::Link>> opened = co_await connector.open(*server, options);
    if (opened.has_error()) co_return opened;
    server->hold(*std::move(opened));
    co_return std::make_unique<SessionLink>(std::move(server));
}

}  // namespace shadowcat::core
