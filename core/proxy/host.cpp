// SPDX-License-Identifier: Apache-2.0
// Pages beside MCP.
#include "core/proxy/host.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace shadowcat::core {

bool Host::has_page(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    return pages_.contains(path);
}

sdk::awaitable<sdk::Page> Host::page(sdk::PageRequest request, sdk::Worker&) {
    std::function<sdk::Page()> render;
    {
        const std::lock_guard lock(mutex_);
        const auto found = pages_.find(request.path);
        if (found != pages_.end()) render = found->second;
    }
    if (!render) co_return sdk::Page(404, "text/plain", "no such page\n");
    co_return render();
}

bool Host::publish(std::string path, std::function<sdk::Page()> render) {
    const std::lock_guard lock(mutex_);
    return pages_.emplace(std::move(path), std::move(render)).second;
}

sdk::Page health_page(const std::vector<const UpstreamState*>& upstreams) {
    nlohmann::json states = nlohmann::json::object();
    bool any = false;
    for (const UpstreamState* state : upstreams) {
        states[state->name] = state->healthy ? "healthy" : "unhealthy";
        any |= state->healthy.load();
    }
    const nlohmann::json body = {{"status", any ? "ok" : "unavailable"}, {"upstreams", states}};
    return sdk::Page(any ? 200 : 503, "application/json", body.dump() + "\n");
}

}  // namespace shadowcat::core
