// SPDX-License-Identifier: Apache-2.0
// One line each.
#include "core/proxy/control_info.hpp"

#include "core/runtime/utc.hpp"

#include <unistd.h>

namespace shadowcat::core {

namespace {

using Info = std::function<sdk::Json()>;

sdk::awaitable<sdk::Result<void>> say(Info info, sdk::ControlPeer& peer) {
    sdk::Json line = info();
    co_return co_await peer.send(std::move(line));
}

sdk::Json pid_only() { return sdk::Json{{"pid", ::getpid()}}; }

std::shared_ptr<void> serve_info(ControlVerbs& verbs, const char* verb, Info info) {
    return verbs.serve(verb, [info = std::move(info)](const sdk::Json&, sdk::ControlPeer& peer) {
        return say(info, peer);
    });
}

}  // namespace

sdk::Json control_info(const Config& config, const sdk::Listener& listener,
                       const UpstreamGroup& upstreams,
                       std::chrono::system_clock::time_point started) {
    sdk::Json list = sdk::Json::array();
    for (const auto& each : upstreams.members())
        list.push_back({{"name", each->name()}, {"target", each->target()}});
    return {{"pid", ::getpid()},
            {"version", SHADOWCAT_VERSION},
            {"mode", config.forward ? "forward" : "reverse"},
            {"listener", listener.address()},
            {"upstreams", list},
            {"started", utc(started)}};
}

std::vector<std::shared_ptr<void>> serve_control_info(ControlVerbs& verbs, Info info) {
    return {serve_info(verbs, "ping", pid_only), serve_info(verbs, "info", std::move(info))};
}

}  // namespace shadowcat::core
