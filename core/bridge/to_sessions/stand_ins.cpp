// SPDX-License-Identifier: Apache-2.0
// Finding, opening and expiring.
#include "core/bridge/to_sessions/stand_ins.hpp"

#include "shadowcat/sdk/log.hpp"
#include "shadowcat/sdk/spawn.hpp"

#include "core/bridge/to_sessions/stateless_messages.hpp"

#include <openssl/evp.h>

#include <array>
#include <vector>

namespace shadowcat::core {

namespace {

constexpr std::size_t kMaxKeyText = 256;

/// Of long capabilities only the digest is kept.
std::string key_of(const std::string& principal, std::string_view capabilities) {
    if (capabilities.size() <= kMaxKeyText) return std::string(capabilities) + principal;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    EVP_Digest(capabilities.data(), capabilities.size(), digest.data(), &size, EVP_sha256(),
               nullptr);
    std::string key("#");  // unlike any text
    key.append(digest.begin(), digest.begin() + size);
    return key += principal;
}

}  // namespace

sdk::Result<std::shared_ptr<StandIn>> StandIns::find(const StatelessClient& client) {
    std::string capabilities = session_capabilities(client.capabilities);
    if (client.principal.empty() && settings_.anonymous == Anonymous::separate) {
        auto opened = open(client, std::move(capabilities), false);
        if (opened.has_value()) separate_.insert(*opened);
        return opened;
    }
    const std::string key = key_of(client.principal, capabilities);
    const auto found = shared_.find(key);
    if (found != shared_.end() && !found->second->dead()) return found->second;
    if (found != shared_.end()) release(std::shared_ptr<StandIn>(found->second));
    auto opened = open(client, std::move(capabilities), true);
    if (opened.has_value()) shared_.emplace(key, *opened);
    return opened;
}

sdk::Result<std::shared_ptr<StandIn>> StandIns::open(const StatelessClient& client,
                                                     std::string capabilities, bool shared) {
    const sdk::ClientInfo who(client.principal, client.peer);
    auto session = sessions_.open(who);
    if (session.has_error()) return session.error();
    sdk::log::debug("session opened for stateless requests", {{"shared", shared}});
    return std::make_shared<StandIn>(worker_, *std::move(session),
                                     initialize_params(capabilities, client.info), shared,
                                     settings_.max_subscriptions);
}

void StandIns::release(const std::shared_ptr<StandIn>& stand_in) {
    if (separate_.erase(stand_in) != 0) return end_later(stand_in);
    if (!stand_in->dead()) return;
    const auto removed =
        std::erase_if(shared_, [&](const auto& entry) { return entry.second == stand_in; });
    if (removed != 0) end_later(stand_in);
}

void StandIns::sweep(sdk::TimePoint now) {
    std::vector<std::shared_ptr<StandIn>> over;
    std::erase_if(shared_, [&](const auto& entry) {
        const bool unused = entry.second->dead() || entry.second->idle_since(now - kIdle);
        if (unused) over.push_back(entry.second);
        return unused;
    });
    for (std::shared_ptr<StandIn>& each : over)
        end_later(std::move(each));
}

void StandIns::end_later(std::shared_ptr<StandIn> stand_in) {
    spawn_logged(worker_, end_one(std::move(stand_in), ending_.enter()), "bridge.end");
}

sdk::awaitable<> StandIns::end_one(std::shared_ptr<StandIn> stand_in, sdk::Gate::Pass pass) {
    const sdk::Gate::Pass inside = std::move(pass);
    co_await stand_in->end();
}

sdk::awaitable<> StandIns::end_all() {
    std::vector<std::shared_ptr<StandIn>> all(separate_.begin(), separate_.end());
    for (const auto& [key, each] : shared_)
        all.push_back(each);
    shared_.clear();
    separate_.clear();
    for (std::shared_ptr<StandIn>& each : all)
        end_later(std::move(each));
    co_await ending_.empty();
}

}  // namespace shadowcat::core
