// SPDX-License-Identifier: Apache-2.0
// ResultCache: results of stateless servers, for as long as they say that these are good.
#pragma once

#include "shadowcat/sdk/asio.hpp"
#include "shadowcat/sdk/reply_stream.hpp"

#include "core/stateless/cache_settings.hpp"

#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace shadowcat::core {

namespace sdk = shadowcat::sdk;

/// What a cached result depends on beside the server. Empty for requests that are not cached.
class CacheKey {
public:
    CacheKey() = default;
    CacheKey(std::string on, std::string for_whom)
        : request(std::move(on)), principal(std::move(for_whom)) {}

    bool empty() const noexcept { return request.empty(); }

    std::string request;    ///< method, parameters, revision, capabilities
    std::string principal;  ///< to whom private results belong
};

/// Keeps complete results of the six methods that carry `ttlMs` and `cacheScope`; private ones for
/// their principal alone. One for all workers; locked, but only if it is enabled. MCP 2026-07-28,
/// server/utilities/caching (duties B.12).
class ResultCache {
public:
    explicit ResultCache(const CacheSettings& settings) { apply(settings); }

    void apply(const CacheSettings& settings);

    CacheKey key_of(const sdk::Message& request, std::string_view principal) const;

    /// A result that is still good, as the response to the request `id`, its `ttlMs` less its age.
    std::optional<sdk::Message> find(const CacheKey& key, std::string_view id, sdk::TimePoint now);

    /// Keeps `response` if it says that it may be kept.
    void keep(const CacheKey& key, const sdk::Message& response, sdk::TimePoint now);

    /// A server said that something has changed: forgets what that concerns.
    void changed(const sdk::Message& notification);

    std::size_t bytes() const;

private:
    class Entry {
    public:
        std::string key;
        std::string method;
        std::string result;
        sdk::TimePoint expires;
        std::size_t size() const noexcept { return key.size() + result.size(); }
    };
    using Entries = std::list<Entry>;

    std::optional<sdk::Message> find_at(const std::string& key, std::string_view id,
                                        sdk::TimePoint now);
    void put(Entry entry);
    void drop(Entries::iterator entry);

    std::atomic<bool> enabled_{false};
    mutable std::mutex mutex_;  // guards what follows
    CacheSettings settings_;
    Entries entries_;  // newest first
    std::unordered_map<std::string, Entries::iterator> by_key_;
    std::size_t bytes_ = 0;
};

/// Passes everything on and keeps the response.
class CachingReplies final : public sdk::ReplyStream {
public:
    CachingReplies(sdk::ReplyStream& to, ResultCache& cache, const CacheKey& key)
        : to_(to), cache_(cache), key_(key) {}

    sdk::awaitable<sdk::Result<void>> write(sdk::Message message) override;
    sdk::awaitable<sdk::Result<void>> fail(sdk::Error error, sdk::Message response) override {
        return to_.fail(std::move(error), std::move(response));
    }
    int status() const noexcept override { return to_.status(); }
    std::uint64_t stream() const noexcept override { return to_.stream(); }
    void sever() noexcept override { to_.sever(); }

private:
    sdk::ReplyStream& to_;
    ResultCache& cache_;
    const CacheKey& key_;
};

}  // namespace shadowcat::core
