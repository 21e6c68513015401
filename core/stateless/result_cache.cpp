// SPDX-License-Identifier: Apache-2.0
// Keys, freshness, and what makes room.
#include "core/stateless/result_cache.hpp"

#include "shadowcat/sdk/json_edit.hpp"
#include "shadowcat/sdk/json_rpc.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace shadowcat::core {

namespace {

namespace json = sdk::json;

constexpr std::array<std::string_view, 6> kCacheable = {
    "tools/list",     "prompts/list",   "resources/list", "resources/templates/list",
    "resources/read", "server/discover"};

class Change {
public:
    std::string_view notification;
    std::string_view concerns;  // methods that begin so
};

constexpr std::array<Change, 4> kChanges = {
    {{"notifications/tools/list_changed", "tools/"},
     {"notifications/prompts/list_changed", "prompts/"},
     {"notifications/resources/list_changed", "resources/"},
     {"notifications/resources/updated", "resources/read"}}};

bool is_cacheable(const sdk::Message& request) {
    return std::ranges::find(kCacheable, request.method()) != kCacheable.end() &&
           json::member(request.params(), "inputResponses").empty() &&
           json::member(request.params(), "requestState").empty();
}

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc() && stop == text.data() + text.size() ? value : 0;
}

std::string private_key(const CacheKey& key) { return key.request + "\n private " + key.principal; }
std::string public_key(const CacheKey& key) { return key.request + "\n public"; }

}  // namespace

void ResultCache::apply(const CacheSettings& settings) {
    const std::lock_guard lock(mutex_);
    settings_ = settings;
    enabled_ = settings.enabled;
    while (!entries_.empty() && (!settings.enabled || bytes_ > settings.max_bytes))
        drop(std::prev(entries_.end()));
}

CacheKey ResultCache::key_of(const sdk::Message& request, std::string_view principal) const {
    if (!enabled_ || !is_cacheable(request)) return {};
    std::string on(request.method());
    on.append("\n").append(json::without_members(request.params(), {"_meta"}));
    on.append("\n").append(request.meta_version());
    on.append("\n").append(request.client_capabilities());
    return CacheKey(std::move(on), std::string(principal));
}

std::optional<sdk::Message> ResultCache::find(const CacheKey& key, std::string_view id,
                                              sdk::TimePoint now) {
    if (key.empty()) return std::nullopt;
    const std::lock_guard lock(mutex_);
    if (auto own = find_at(private_key(key), id, now)) return own;
    return find_at(public_key(key), id, now);
}

std::optional<sdk::Message> ResultCache::find_at(const std::string& key, std::string_view id,
                                                 sdk::TimePoint now) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    const Entries::iterator entry = found->second;
    if (now >= entry->expires) {
        drop(entry);
        return std::nullopt;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(entry->expires - now);
    const std::string ttl = std::to_string(left.count());
    return sdk::make_result(id, json::with_member(entry->result, "ttlMs", ttl));
}

void ResultCache::keep(const CacheKey& key, const sdk::Message& response, sdk::TimePoint now) {
    if (key.empty() || response.kind() != sdk::MessageKind::result) return;
    const std::string_view result = json::member(response.bytes(), "result");
    if (json::member(result, "resultType") != "\"complete\"") return;
    const std::lock_guard lock(mutex_);
    const auto ttl = std::min<std::chrono::milliseconds>(
        std::chrono::milliseconds(number(json::member(result, "ttlMs"))), settings_.max_ttl);
    const bool is_public = json::member(result, "cacheScope") == "\"public\"";
    const bool nobodys = key.principal.empty() && !settings_.anonymous_is_one;
    if (!settings_.enabled || ttl.count() <= 0 || (!is_public && nobodys)) return;
    Entry entry;
    entry.key = is_public ? public_key(key) : private_key(key);
    entry.method = key.request.substr(0, key.request.find('\n'));
    entry.result = result;
    entry.expires = now + ttl;
    put(std::move(entry));
}

void ResultCache::put(Entry entry) {
    if (entry.size() > settings_.max_bytes) return;
    const auto old = by_key_.find(entry.key);
    if (old != by_key_.end()) drop(old->second);
    bytes_ += entry.size();
    entries_.push_front(std::move(entry));
    by_key_.emplace(entries_.front().key, entries_.begin());
    while (bytes_ > settings_.max_bytes)
        drop(std::prev(entries_.end()));
}

void ResultCache::drop(Entries::iterator entry) {
    bytes_ -= entry->size();
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

void ResultCache::changed(const sdk::Message& notification) {
    if (!enabled_) return;
    const auto change = std::ranges::find(kChanges, notification.method(), &Change::notification);
    if (change == kChanges.end()) return;
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end();) {
        const auto next = std::next(entry);
        if (entry->method.starts_with(change->concerns)) drop(entry);
        entry = next;
    }
}

std::size_t ResultCache::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

sdk::awaitable<sdk::Result<void>> CachingReplies::write(sdk::Message message) {
    cache_.keep(key_, message, sdk::Clock::now());
    return to_.write(std::move(message));
}

}  // namespace shadowcat::core
