// SPDX-License-Identifier: Apache-2.0
// Opening, introducing, passing on.
#include "replay/live_upstream.hpp"

#include "shadowcat/sdk/json_rpc.hpp"

namespace shadowcat::tape {

namespace {

sdk::Error live_server_closed() {
    return sdk::upstream_error(sdk::ErrorCode::closed, "the replay's live server was closed");
}

/// Keeps the response to the handshake; nobody hears the rest.
class HandshakeReply final : public sdk::ReplyStream {
public:
    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override {
        if (message.is_response()) response = std::move(message);
        co_return sdk::Result<void>();
    }
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error, sdk::Message message) override {
        return write(std::move(message));
    }

    std::optional<sdk::Message> response;
};

sdk::Message usual_initialize() {
    return sdk::make_request("\"shadowcat-replay\"", "initialize",
                             R"({"protocolVersion":"2025-11-25","capabilities":{},)"
                             R"("clientInfo":{"name":"shadowcat-replay","version":"1"}})");
}

}  // namespace

sdk::awaitable<> LiveUpstream::wait_for_opening() {
    while (opening_) {
        sdk::Wakeup mine;
        waiting_.push_back(&mine);
        co_await mine.wait();
    }
}

sdk::awaitable<LiveUpstream::Ready> LiveUpstream::ready(bool introduced) {
    co_await wait_for_opening();
    if (closed_) co_return live_server_closed().mark_nothing_sent();
    if (link_ && link_->alive()) co_return link_;
    opening_ = true;
    Ready opened = co_await open(introduced);
    opening_ = false;
    std::vector<sdk::Wakeup*> waiting;
    waiting.swap(waiting_);
    for (sdk::Wakeup* each : waiting)
        each->notify();
    co_return opened;
}

sdk::awaitable<LiveUpstream::Ready> LiveUpstream::open(bool introduced) {
    const std::shared_ptr<sdk::Link> lost = std::move(link_);
    if (lost) co_await lost->close();
    sdk::Result<std::unique_ptr<sdk::Link>> opened = co_await connector_->open(*this, options_);
    if (opened.has_error()) co_return opened.error();
    const std::shared_ptr<sdk::Link> link = *std::move(opened);
    if (!session_.empty()) link->set_session(session_);
    if (!introduced && era_ == sdk::Era::session) {
        const sdk::Result<void> known = co_await introduce(*link);
        if (known.has_error()) {
            co_await link->close();
            co_return known.error();
        }
    }
    link->set_listening(listening_);
    link_ = link;
    co_return link;
}

sdk::awaitable<sdk::Result<void>> LiveUpstream::introduce(sdk::Link& link) {
    sdk::Message request = initialize_ ? *initialize_ : usual_initialize();
    HandshakeReply reply;
    sdk::Cancellation never;
    const sdk::Result<void> done = co_await link.call(std::move(request), reply, never);
    if (done.has_error()) co_return done.error();
    if (!reply.response || reply.response->kind() != sdk::MessageKind::result) {
        co_return sdk::upstream_error(sdk::ErrorCode::protocol,
                                      "the replay's live server refused initialize");
    }
    sdk::Message initialized = sdk::make_notification("notifications/initialized");
    co_return co_await link.send(std::move(initialized));
}

sdk::awaitable<sdk::Result<void>> LiveUpstream::call(sdk::Message request,
                                                     sdk::ReplyStream& replies,
                                                     sdk::Cancellation& cancellation) {
    const Ready link = co_await ready(request.method() == "initialize");
    if (link.has_error()) co_return sdk::Error(link.error()).mark_nothing_sent();
    const std::shared_ptr<sdk::Link> kept = *link;
    co_return co_await kept->call(std::move(request), replies, cancellation);
}

sdk::awaitable<sdk::Result<void>> LiveUpstream::send(sdk::Message message) {
    const std::shared_ptr<sdk::Link> kept = link_;
    if (!kept || !kept->alive()) co_return sdk::Result<void>();
    co_return co_await kept->send(std::move(message));
}

sdk::awaitable<> LiveUpstream::close() {
    closed_ = true;
    owner_ = nullptr;
    co_await wait_for_opening();
    const std::shared_ptr<sdk::Link> last = link_;
    if (last) co_await last->close();
}

void LiveUpstream::set_listening(bool listening) {
    listening_ = listening;
    if (link_) link_->set_listening(listening);
}

void LiveUpstream::set_session(std::string_view label) {
    session_ = label;
    if (link_) link_->set_session(label);
}

void LiveUpstream::kill() noexcept {
    if (link_) link_->kill();
}

std::size_t LiveUpstream::resident_bytes() const { return link_ ? link_->resident_bytes() : 0; }

sdk::awaitable<> LiveUpstream::on_message(sdk::Message message) {
    if (owner_) co_await owner_->on_message(std::move(message));
}

/// The tape lives on: the next request that needs the server opens it anew.
void LiveUpstream::on_closed(const sdk::Error&) {}

}  // namespace shadowcat::tape
