// SPDX-License-Identifier: Apache-2.0
// Sends what waits for a viewer, some twenty times a second.
#include "serve_viewer.hpp"

#include "hub.hpp"

#include <utility>

namespace shadowcat::watch {

namespace {

// Looking instead of being woken: the thread that fills needs no way into an event loop that may
// be gone, and a busy proxy isn't woken for each message.
constexpr sdk::Duration kLook = std::chrono::milliseconds(40);

/// Detaches, however its coroutine ends.
class Attached {
public:
    Attached(std::shared_ptr<Hub> hub, std::shared_ptr<Viewer> viewer)
        : hub_(std::move(hub)), viewer_(std::move(viewer)) {}
    Attached(const Attached&) = delete;
    Attached& operator=(const Attached&) = delete;
    ~Attached() { hub_->detach(viewer_); }

    Hub& hub() const { return *hub_; }
    Viewer& viewer() const { return *viewer_; }

private:
    std::shared_ptr<Hub> hub_;
    std::shared_ptr<Viewer> viewer_;
};

sdk::Json attached_line() {
    Entry entry;
    entry.time = std::chrono::system_clock::now();
    entry.event = events::kAttached;
    return to_json(entry);
}

/// False once the peer has gone.
sdk::awaitable<bool> send_waiting(Viewer& viewer, sdk::ControlPeer& peer) {
    const std::vector<Entry> entries = viewer.take();
    for (const Entry& entry : entries) {
        sdk::Json line = to_json(entry);
        const sdk::Result<void> sent = co_await peer.send(std::move(line));
        if (sent.has_error()) co_return false;
    }
    co_return !peer.gone();
}

sdk::awaitable<> show_until_gone(Attached& attached, sdk::ControlPeer& peer) {
    sdk::Timer timer(co_await sdk::asio::this_coro::executor);
    bool last = false;
    while (true) {
        const bool there = co_await send_waiting(attached.viewer(), peer);
        if (!there || last) co_return;
        last = attached.hub().ending();
        timer.expires_after(kLook);
        co_await timer.async_wait(sdk::as_tuple);
    }
}

sdk::awaitable<sdk::Result<void>> serve_viewer(std::shared_ptr<Hub> hub, sdk::Json request,
                                               sdk::ControlPeer& peer) {
    const sdk::Result<sdk::Json> checked = checked_request(request);
    if (checked.has_error()) co_return checked.error();
    auto viewer = hub->attach(Filter(*checked));
    if (viewer.has_error()) co_return viewer.error();
    Attached attached(std::move(hub), *std::move(viewer));
    sdk::Json greeting = attached_line();
    const sdk::Result<void> greeted = co_await peer.send(std::move(greeting));
    if (greeted.has_error()) co_return sdk::Result<void>();
    co_await show_until_gone(attached, peer);
    co_return sdk::Result<void>();
}

sdk::awaitable<sdk::Result<void>> refuse_viewer() {
    co_return sdk::Error(sdk::ErrorCode::unavailable, "the proxy is ending");
}

}  // namespace

sdk::Result<sdk::Json> checked_request(const sdk::Json& request) {
    sdk::Json filter = request;
    filter.erase("verb");
    std::vector<sdk::ConfigError> errors;
    sdk::Json checked = sdk::validate(Filter::schema(), filter, "", errors);
    if (errors.empty()) return checked;
    return sdk::Error(sdk::ErrorCode::config, errors[0].path + ": " + errors[0].message);
}

sdk::ControlHost::Handler viewer_handler(std::weak_ptr<Hub> hub) {
    return [hub = std::move(hub)](sdk::Json request, sdk::ControlPeer& peer) {
        if (std::shared_ptr<Hub> alive = hub.lock())
            return serve_viewer(std::move(alive), std::move(request), peer);
        return refuse_viewer();
    };
}

}  // namespace shadowcat::watch
